package dev.backpop.producer.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StoredJsonTest {
    @Test
    void a_key_that_nobody_would_see_is_written_as_json() {
        assertThat(StoredJson.key("[\"\"]")).isEqualTo("[\"\"]");
        assertThat(StoredJson.key("[\" a1\"]")).isEqualTo("[\" a1\"]");
        assertThat(StoredJson.key("[\"a 1\"]")).isEqualTo("a 1");
        assertThat(StoredJson.key("[7]")).isEqualTo("7");
    }

    @Test
    void lists_of_keys_keep_their_blanks() {
        assertThat(StoredJson.keyOnALine("[\" a1\"]")).contains(" a1");
        assertThat(StoredJson.keyOnALine("[\"\"]")).isEmpty();
    }
}
