package dev.backpop.producer.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTest {
    @Test
    void a_cut_in_the_middle_keeps_both_ends_within_the_width() {
        assertThat(Text.cutMiddle("0123456789", 10)).isEqualTo("0123456789");
        assertThat(Text.cutMiddle("0123456789a", 10)).isEqualTo("01234…789a");
        assertThat(Text.cutMiddle("🐘🐘🐘🐘🐘🐘", 10)).isEqualTo("🐘🐘…🐘🐘");
        assertThat(Text.width(Text.cutMiddle("🐘x".repeat(50), 31))).isLessThanOrEqualTo(31);
    }
}
