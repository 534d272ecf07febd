package dev.backpop.legacy.reddit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.legacy.FailedRow;
import dev.backpop.legacy.FailedRow.Kind;
import dev.backpop.legacy.LegacyEntity;
import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.plan.From;
import dev.backpop.row.BinaryValues;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.standin.Fault;
import dev.backpop.standin.GeneratedOptions;
import dev.backpop.standin.GeneratedThings;
import dev.backpop.standin.Misbehaviour;
import dev.backpop.standin.StandInOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CommentsTest {
    private static final From.Thing COMMENTS = From.Thing.COMMENTS;

    /** The parents of all comments that the account may see, as the function of the stand-in server has them. */
    private static Map<Key, @Nullable String> truth(GeneratedThings things) {
        Map<Key, @Nullable String> parents = new HashMap<>();
        things.newestComments().forEach(id -> {
            var comment = requireNonNull(things.comment(id));
            long post = ThingId.number(From.Thing.POSTS, comment.path("link_id").asString());
            long channel = ThingId.number(
                    From.Thing.CHANNELS, comment.path("subreddit_id").asString());
            String parent = comment.path("parent_id").asString();
            if (!things.isClosed(channel)) {
                parents.put(
                        CommentThings.key(post, id),
                        parent.startsWith("t3_") ? null : Long.toString(ThingId.number(COMMENTS, parent)));
            }
        });
        return parents;
    }

    private static Map<Key, @Nullable String> parents(Moved.Found found) {
        Map<Key, @Nullable String> parents = new HashMap<>();
        found.rows().forEach((key, row) -> parents.put(key, row.get("parent_id")));
        return parents;
    }

    @Test
    void trees_come_whole_with_their_parents() {
        GeneratedThings things =
                new GeneratedThings(GeneratedOptions.of(150).withClosed(0).withCommentCounts(Map.of(3L, 2_500)));
        try (Moved moved = new Moved(things)) {
            LegacyEntity comments = moved.open(COMMENTS);

            Moved.Found found = moved.fetch(comments, COMMENTS, Moved.all());

            Map<Key, @Nullable String> truth = truth(things);
            assertThat(truth).hasSizeGreaterThan(3_500);
            found.failed().forEach((key, row) -> assertThat(row.kind()).isIn(Kind.EXCLUDED, Kind.UNVERIFIABLE));
            found.failed().keySet().forEach(truth::remove);
            assertThat(parents(found)).isEqualTo(truth);
            List<Key> sorted = new ArrayList<>(found.rows().keySet());
            sorted.sort(
                    Comparator.comparing((Key key) -> Long.parseLong(key.parts().get(0)))
                            .thenComparing(key -> Long.parseLong(key.parts().get(1))));
            assertThat(found.rows().keySet()).containsExactlyElementsOf(sorted);
        }
    }

    @Test
    void children_that_a_server_drops_are_asked_for_by_themselves() {
        GeneratedThings things = new GeneratedThings(
                GeneratedOptions.of(20).withClosed(0).withPlain(true).withCommentCounts(Map.of(3L, 2_000)));
        try (Moved moved = new Moved(things)) {
            moved.server.misbehave(
                    Fault.of(Misbehaviour.DROPPED_CHILDREN).withShare(0.1),
                    Fault.of(Misbehaviour.DROPPED_IDS).withShare(0.5));
            LegacyEntity comments = moved.open(COMMENTS);

            Moved.Found found = moved.fetch(comments, COMMENTS, Moved.all());

            assertThat(found.failed()).isEmpty();
            assertThat(parents(found)).isEqualTo(truth(things));
        }
    }

    @Test
    void keys_stand_for_the_trees_of_posts_and_ranges_of_them_divide_the_comments() {
        GeneratedThings things =
                new GeneratedThings(GeneratedOptions.of(30).withClosed(0).withPlain(true));
        try (Moved moved = new Moved(things)) {
            LegacyEntity comments = moved.open(COMMENTS);
            List<Key> keys = Moved.keys(comments);
            assertThat(keys).hasSize(30).startsWith(CommentThings.tree(1)).endsWith(CommentThings.tree(30));
            Map<Key, @Nullable String> whole = parents(moved.fetch(comments, COMMENTS, Moved.all()));
            List<Key> all = new ArrayList<>(whole.keySet());
            all.sort(
                    Comparator.comparing((Key key) -> Long.parseLong(key.parts().get(0)))
                            .thenComparing(key -> Long.parseLong(key.parts().get(1))));
            Key middle = all.get(all.size() / 2);

            Map<Key, @Nullable String> parts = new HashMap<>();
            parts.putAll(parents(moved.fetch(comments, COMMENTS, new KeySelection.Range(null, null, middle))));
            parts.putAll(parents(moved.fetch(comments, COMMENTS, new KeySelection.Range(null, middle, keys.get(29)))));

            assertThat(parts).isEqualTo(whole);
            assertThat(parents(moved.fetch(comments, COMMENTS, new KeySelection.Range(middle, null, middle))))
                    .containsOnlyKeys(middle);
        }
    }

    @Test
    void a_list_names_comments_or_whole_trees() {
        GeneratedThings things =
                new GeneratedThings(GeneratedOptions.of(30).withClosed(0).withPlain(true));
        try (Moved moved = new Moved(things)) {
            LegacyEntity comments = moved.open(COMMENTS);
            Map<Key, @Nullable String> truth = truth(things);
            Key one = truth.keySet().stream()
                    .filter(key -> !key.parts().get(0).equals("30"))
                    .findFirst()
                    .orElseThrow();
            Key wrongPost = CommentThings.key(30, Long.parseLong(one.parts().get(1)));
            Key none = CommentThings.key(5, 4);

            Moved.Found found = moved.fetch(comments, COMMENTS, new KeySelection.Keys(List.of(none, one, wrongPost)));

            assertThat(found.rows()).containsOnlyKeys(one);
            assertThat(RedditLegacyTest.kinds(found)).isEqualTo(Map.of(none, Kind.ABSENT, wrongPost, Kind.ABSENT));
            Moved.Found tree = moved.fetch(comments, COMMENTS, new KeySelection.Keys(List.of(CommentThings.tree(7))));
            truth.keySet().removeIf(key -> !key.parts().get(0).equals("7"));
            assertThat(parents(tree)).isEqualTo(truth);
        }
    }

    @Test
    void a_private_post_s_tree_is_one_failure_and_an_outage_is_none() {
        GeneratedThings things = new GeneratedThings(GeneratedOptions.of(200).withClosed(0.5));
        try (Moved moved = new Moved(things)) {
            LegacyEntity comments = moved.open(COMMENTS);

            Moved.Found found =
                    moved.fetch(comments, COMMENTS, new KeySelection.Range(null, null, CommentThings.tree(100)));

            assertThat(found.of(Kind.FORBIDDEN)).isBetween(20L, 80L);
            assertThat(found.failed().keySet())
                    .anyMatch(key -> key.parts().get(1).equals(Long.toString(Long.MAX_VALUE)));
            moved.server.misbehave(Fault.of(Misbehaviour.TOO_MANY_REQUESTS)
                    .withPath("/comments/")
                    .withShare(0.2));
            assertThatThrownBy(() -> comments.fetch(Moved.all(), rows -> {}))
                    .isInstanceOf(LegacyUnavailableException.class);
        }
    }

    @Test
    void a_tree_of_a_hundred_thousand_comments_comes_whole_and_in_order() {
        int count = 100_000;
        GeneratedThings things = new GeneratedThings(GeneratedOptions.of(2)
                .withClosed(0)
                .withDensity(1)
                .withPlain(true)
                .withCommentCounts(Map.of(2L, count)));
        try (Moved moved = new Moved(StandInOptions.of(things).withChildrenPerCall(100))) {
            LegacyEntity comments = moved.open(COMMENTS, Moved.columns("post_id:20 id:20 text:25"));
            AtomicLong rows = new AtomicLong();
            AtomicLong last = new AtomicLong();

            List<FailedRow> failed = comments.fetch(
                    new KeySelection.Range(CommentThings.key(2, 0), null, CommentThings.tree(2)),
                    batch -> batch.forEach(row -> {
                        long id = Long.parseLong(BinaryValues.text(20, requireNonNull(row.field(1))));
                        assertThat(id).isGreaterThan(last.getAndSet(id));
                        rows.incrementAndGet();
                    }));

            assertThat(failed).isEmpty();
            assertThat(rows).hasValue(count);
        }
    }
}
