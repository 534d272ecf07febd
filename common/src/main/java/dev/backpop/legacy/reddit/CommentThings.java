package dev.backpop.legacy.reddit;

import dev.backpop.legacy.FailedRow;
import dev.backpop.plan.From;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Comments, found by their posts: there is no listing of all of them, and {@code /api/info} leaves some out. Walks the numbers
 * of posts, and reads the whole tree of each. A key whose comment is the greatest of all numbers stands for a post's tree.
 */
final class CommentThings implements ThingSource {
    private final DenseThings posts;
    private final Groups groups;
    private final ThingReader reader;
    private final Flights flights;

    CommentThings(DenseThings posts, ThingReader reader, Flights flights) {
        this.posts = posts;
        this.groups = new Groups(posts);
        this.reader = reader;
        this.flights = flights;
    }

    @Override
    public long newest() {
        return posts.newest();
    }

    @Override
    public Optional<Key> lastKey(@Nullable Key from, @Nullable Key to) {
        return groups.lastKey(from, to);
    }

    @Override
    public void keys(@Nullable Key from, @Nullable Key after, Key upTo, long limit, Consumer<Key> consumer) {
        groups.keys(from, after, upTo, limit, consumer);
    }

    @Override
    public void find(KeySelection selection, ThingSink sink) {
        if (selection instanceof KeySelection.Range range) {
            flights.all(groups.in(range)
                    .<Runnable>mapToObj(post -> () -> new CommentTree(post, reader, sink).read())
                    .toList());
        } else if (selection instanceof KeySelection.Keys keys) {
            find(keys.keys(), sink);
        }
    }

    private void find(List<Key> keys, ThingSink sink) {
        List<Runnable> work = new ArrayList<>();
        Map<Long, Long> single = new LinkedHashMap<>();
        for (Key key : keys.stream().distinct().toList()) {
            long comment = Groups.member(key);
            long post = Groups.group(key);
            if (post <= 0 || comment <= 0) {
                continue;
            }
            if (Groups.isWhole(key)) {
                work.add(() -> new CommentTree(post, reader, sink).read());
            } else if (single.putIfAbsent(comment, post) != null) {
                // A comment has one post: that a list names it under two is settled by asking under each.
                work.add(() -> new CommentTree(post, reader, sink).alone(comment));
            }
        }
        List<Map.Entry<Long, Long>> wanted = new ArrayList<>(single.entrySet());
        for (int from = 0; from < wanted.size(); from += ThingReader.AT_ONCE) {
            List<Map.Entry<Long, Long>> some =
                    wanted.subList(from, Math.min(wanted.size(), from + ThingReader.AT_ONCE));
            work.add(() -> info(some, sink));
        }
        flights.all(work);
    }

    private void info(List<Map.Entry<Long, Long>> some, ThingSink sink) {
        Map<Long, ObjectNode> found = reader.info(
                From.Thing.COMMENTS, some.stream().map(Map.Entry::getKey).toList());
        some.forEach(entry -> {
            long post = entry.getValue();
            CommentTree tree = new CommentTree(post, reader, sink);
            ObjectNode data = found.get(entry.getKey());
            String link = data == null ? "" : data.path("link_id").asString("");
            if (!link.isEmpty() && !link.equals(ThingId.name(From.Thing.POSTS, post))) {
                sink.failed(
                        failed(key(post, entry.getKey()), FailedRow.Kind.ABSENT, "the comment is one of another post"));
            } else if (data == null || !tree.take(data)) {
                tree.alone(entry.getKey());
            }
        });
    }

    static Key key(long post, long comment) {
        return Groups.key(post, comment);
    }

    static Key tree(long post) {
        return Groups.whole(post);
    }

    static FailedRow failed(Key key, FailedRow.Kind kind, String message) {
        return new FailedRow(key, kind, null, message);
    }
}
