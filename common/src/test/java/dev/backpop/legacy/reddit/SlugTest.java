package dev.backpop.legacy.reddit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SlugTest {
    @Test
    void words_are_joined_in_lower_case_and_cut_between_words() {
        assertThat(Slug.of("  Why -- does_it\tHOLD? ")).isEqualTo("why_does_it_hold");
        assertThat(Slug.of("Ein \u00dcberblick")).isEqualTo("ein_\u00fcberblick");
        assertThat(Slug.of("a".repeat(45) + " and more")).isEqualTo("a".repeat(45) + "_and");
        assertThat(Slug.of("?!")).isEqualTo("_");
        assertThat(Slug.of("")).isEqualTo("_");
    }

    @Test
    void plain_titles_come_out_as_they_do_by_the_rules_for_all_letters() {
        // Of no word and no space, so that it leaves nothing but makes a title one that is not plain.
        String invisible = "\u200b";
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder title = new StringBuilder();
            int length = random.nextInt(12);
            for (int at = 0; at < length; at++) {
                boolean any = random.nextInt(3) == 0;
                title.append((char) (any ? random.nextInt(128) : "_ -aZ".charAt(random.nextInt(5))));
            }
            assertThat(Slug.of(title.toString())).as("of '%s'", title).isEqualTo(Slug.of(title + invisible));
        }
    }
}
