package dev.backpop.legacy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class DocumentTextTest {
    private static String read(String latin1) {
        return DocumentText.of(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void text_that_is_utf8_stays_as_it_is() {
        String text = "{\"x\": \"M\u00fcller \ud83d\ude00\"}";

        assertThat(DocumentText.of(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
        assertThat(DocumentText.of(new byte[0])).isEmpty();
    }

    @Test
    void bytes_that_are_not_are_shown_and_the_document_stays_json() {
        String document = read("{\"x\": \"M\u00fcller, \u00e4\u00f6\u00fc\u00df\u00e4\"}");

        assertThat(JsonMapper.shared().readTree(document).get("x").asString())
                .isEqualTo("M\\xfcller, \\xe4\\xf6\\xfc\\xdf\\xe4");
    }

    @Test
    void a_character_that_is_cut_off_at_the_end_is_shown() {
        assertThat(read("a\u00e2\u0082")).isEqualTo("a\\\\xe2\\\\x82");
        assertThat(read("\u00c3\u00a4\u00ff")).isEqualTo("\u00e4\\\\xff");
    }
}
