package dev.backpop.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class GeneratedThingsTest {
    private static final GeneratedOptions OPTIONS = GeneratedOptions.of(20_000).withDensity(0.5);

    @Test
    void the_same_seed_gives_the_same_things_in_any_order_and_another_seed_others() {
        GeneratedThings first = new GeneratedThings(OPTIONS);
        GeneratedThings second = new GeneratedThings(OPTIONS);
        GeneratedThings other = new GeneratedThings(OPTIONS.withSeed(2));
        int different = 0;
        for (long id = 1; id <= 500; id++) {
            assertThat(String.valueOf(second.post(501 - id))).isEqualTo(String.valueOf(first.post(501 - id)));
            different += Objects.equals(first.post(id), other.post(id)) ? 0 : 1;
        }
        assertThat(different).isGreaterThan(300);
        CommentTree tree = first.comments(first.newestComments().findFirst().orElseThrow() >> 8);
        assertThat(first.comment(tree.id(0))).isEqualTo(second.comment(tree.id(0)));
    }

    @Test
    void every_kind_and_state_of_post_occurs() {
        GeneratedThings things = new GeneratedThings(OPTIONS);
        Map<String, Integer> seen = new TreeMap<>();
        things.posts().forEach(id -> {
            ObjectNode post = Objects.requireNonNull(things.post(id));
            String text =
                    post.path("title").asString("") + post.path("selftext").asString("");
            count(seen, "all", true);
            count(seen, "unlisted", !things.isListed(new Fullname(Fullname.POST, id)));
            count(seen, "deleted", post.path("selftext").asString("").equals("[deleted]"));
            count(seen, "author left", post.path("author").asString("").equals("[deleted]"));
            count(seen, "banned by", post.path("banned_by").isString());
            count(seen, "spam", post.path("banned_by").asBoolean(false));
            count(seen, "edited", post.path("edited").isNumber());
            count(
                    seen,
                    "edited true",
                    post.path("edited").isBoolean() && post.path("edited").asBoolean(false));
            count(seen, "ad", post.has("promoted") && !post.has("subreddit"));
            count(seen, "cross-post", post.has("crosspost_parent_list"));
            count(seen, "relative", post.path("url").asString("").startsWith("/r/"));
            count(seen, "long address", post.path("url").asString("").length() > 2_048);
            count(seen, "long text", post.path("selftext").asString("").length() == 40_000);
            count(seen, "NUL", text.indexOf('\0') >= 0);
            count(seen, "control", text.indexOf('\u001b') >= 0);
            count(seen, "astral", text.codePoints().anyMatch(c -> c > 0xFFFF));
            count(seen, "lone surrogate", text.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF));
            count(seen, "not composed", !Normalizer.isNormalized(text, Normalizer.Form.NFC));
            count(seen, "markup", text.contains("<b>&amp;"));
            count(seen, "profile", post.path("subreddit").asString("").startsWith("u_"));
            assertThat(post.path("created")
                            .asDecimal(BigDecimal.ZERO)
                            .subtract(post.path("created_utc").asDecimal(BigDecimal.ZERO)))
                    .isEqualByComparingTo("28800");
        });

        assertThat(seen.get("all")).isBetween(9_700, 10_300);
        assertThat(seen.get("unlisted")).isBetween(400, 600);
        assertThat(seen.values()).doesNotContain(0);
    }

    private static void count(Map<String, Integer> seen, String what, boolean isSo) {
        seen.merge(what, isSo ? 1 : 0, Integer::sum);
    }

    @Test
    void what_was_removed_is_hidden_from_who_does_not_moderate_the_channel() {
        GeneratedThings things = new GeneratedThings(OPTIONS.withModerated(0));
        things.posts().limit(3_000).forEach(id -> {
            JsonNode post = Objects.requireNonNull(things.post(id));
            assertThat(post.path("banned_by").isNull()).isTrue();
            if (post.path("selftext").asString("").equals("[removed]")) {
                assertThat(post.path("author").asString("")).isEqualTo("[deleted]");
            }
        });
        assertThat(things.posts()
                        .filter(id -> String.valueOf(things.post(id)).contains("\"[removed]\""))
                        .count())
                .isGreaterThan(100);
    }

    @Test
    void a_hundred_thousand_comments_are_there_on_demand_and_each_has_its_own_number() {
        GeneratedThings things = new GeneratedThings(OPTIONS.withDensity(1).withCommentCounts(Map.of(3L, 100_000)));
        CommentTree tree = things.comments(3);
        assertThat(tree.size()).isEqualTo(100_000);
        ObjectNode comment = Objects.requireNonNull(things.comment(tree.id(99_999)));
        assertThat(comment.path("link_id").asString("")).isEqualTo("t3_3");
        assertThat(things.newestComments().limit(5_000).distinct().count()).isEqualTo(5_000);
        assertThat(things.newestComments().limit(5_000)).allMatch(id -> things.comment(id) != null);
        assertThat(things.comment(5)).isNull();
    }

    @Test
    void options_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> OPTIONS.withDensity(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OPTIONS.withChannels(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OPTIONS.withCommentCounts(Map.of(1L, 1 << 20)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
