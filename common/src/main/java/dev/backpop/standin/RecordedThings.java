package dev.backpop.standin;

import dev.backpop.problem.InvalidInputException;
import dev.backpop.standin.RecordedLines.Place;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Things that were recorded, from a file of lines: either {@code {"kind", "data"}} of posts, comments, channels and
 * {@code more} nodes, without their replies, or posts by themselves whose values are all texts. Nothing is closed to the
 * account. Thread-safe.
 */
public final class RecordedThings implements Things {
    private record Comment(long id, @Nullable Long parent, long created, int score) {}

    private final Map<String, TreeMap<Long, Place>> places = new HashMap<>();
    private final Map<Long, List<Comment>> comments = new HashMap<>();
    private final Map<Long, List<ObjectNode>> mores = new HashMap<>();
    private final List<ObjectNode> moresToPlace = new ArrayList<>();
    private final Map<Long, Long> postOfComment = new HashMap<>();
    private final Map<Long, List<Long>> postsOfChannel = new HashMap<>();
    private final Map<String, Long> channelNames = new HashMap<>();
    private final TreeMap<Long, String> namedByPosts = new TreeMap<>();
    private final boolean channelsByPosts;
    private final RecordedLines lines;
    private boolean flat;

    private RecordedThings(Path file, @Nullable Boolean channelsByPosts) throws IOException {
        lines = RecordedLines.of(file, this::index);
        this.channelsByPosts = channelsByPosts == null ? flat : channelsByPosts;
        if (this.channelsByPosts) {
            namedByPosts.forEach((id, name) -> channelNames.putIfAbsent(name.toLowerCase(Locale.ROOT), id));
        }
        for (ObjectNode more : moresToPlace) {
            Long post = postOf(more.path("parent_id").asString(""));
            if (post != null) {
                mores.computeIfAbsent(post, p -> new ArrayList<>()).add(more);
            }
        }
    }

    /**
     * Reads such a file.
     *
     * @param channelsByPosts true to answer for channels that posts name and that were not recorded themselves; null to do so
     *     for posts by themselves only
     * @throws InvalidInputException when it cannot be read or holds something else
     */
    public static RecordedThings of(Path file, @Nullable Boolean channelsByPosts) {
        try {
            return new RecordedThings(file, channelsByPosts);
        } catch (IOException | JacksonException e) {
            throw new InvalidInputException("the recorded things in " + file + " cannot be read: " + e.getMessage()
                    + "; give a file of JSON lines, compressed if its name ends in .gz");
        }
    }

    private void index(JsonNode line, Place place) {
        JsonNode data = line.path("data");
        String kind = line.path("kind").asString("");
        if (!data.isObject()) {
            flat = true;
            kind = Fullname.POST;
            data = line;
        }
        if (kind.equals("more")) {
            moresToPlace.add((ObjectNode) data);
            return;
        }
        Fullname name = Fullname.parse(data.path("name").asString(""));
        if (name == null || !name.kind().equals(kind)) {
            throw new InvalidInputException(
                    "a recorded thing is named '" + data.path("name").asString("")
                            + "', which is no name of a " + (kind.isEmpty() ? "thing" : kind)
                            + "; every line must be one thing as the API told of it");
        }
        places.computeIfAbsent(kind, k -> new TreeMap<>()).put(name.id(), place);
        switch (kind) {
            case Fullname.POST -> indexPost(name.id(), data);
            case Fullname.COMMENT -> indexComment(name.id(), data);
            case Fullname.CHANNEL ->
                channelNames.put(data.path("display_name").asString("").toLowerCase(Locale.ROOT), name.id());
            default -> {
                // Nothing else can be asked for.
            }
        }
    }

    private void indexPost(long id, JsonNode data) {
        Fullname channel = Fullname.parse(data.path("subreddit_id").asString(""));
        if (channel != null) {
            postsOfChannel.computeIfAbsent(channel.id(), c -> new ArrayList<>()).add(id);
            namedByPosts.putIfAbsent(channel.id(), data.path("subreddit").asString(""));
        }
    }

    private void indexComment(long id, JsonNode data) {
        Fullname post = Fullname.parse(data.path("link_id").asString(""));
        Fullname parent = Fullname.parse(data.path("parent_id").asString(""));
        if (post == null || parent == null) {
            return;
        }
        postOfComment.put(id, post.id());
        comments.computeIfAbsent(post.id(), p -> new ArrayList<>())
                .add(new Comment(
                        id,
                        parent.kind().equals(Fullname.COMMENT) ? parent.id() : null,
                        data.path("created_utc").asDecimal(BigDecimal.ZERO).longValue(),
                        data.path("score").asInt(0)));
    }

    private @Nullable Long postOf(String parent) {
        Fullname name = Fullname.parse(parent);
        if (name == null) {
            return null;
        }
        return name.kind().equals(Fullname.POST) ? Long.valueOf(name.id()) : postOfComment.get(name.id());
    }

    private NavigableMap<Long, Place> placesOf(String kind) {
        return places.getOrDefault(kind, new TreeMap<>());
    }

    private @Nullable ObjectNode read(String kind, long id) {
        Place place = placesOf(kind).get(id);
        if (place == null) {
            return null;
        }
        JsonNode line = lines.read(place);
        return flat ? FlatPost.data(line) : (ObjectNode) line.path("data");
    }

    @Override
    public @Nullable ObjectNode post(long id) {
        return read(Fullname.POST, id);
    }

    @Override
    public @Nullable ObjectNode comment(long id) {
        return read(Fullname.COMMENT, id);
    }

    @Override
    public @Nullable ObjectNode channel(long id) {
        ObjectNode recorded = read(Fullname.CHANNEL, id);
        String name = namedByPosts.get(id);
        return recorded != null || !channelsByPosts || name == null ? recorded : FlatPost.channel(id, name);
    }

    @Override
    public @Nullable Long channelNamed(String name) {
        return channelNames.get(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public boolean isClosed(long channel) {
        return false;
    }

    @Override
    public boolean isListed(Fullname thing) {
        ObjectNode data = thing.kind().equals(Fullname.CHANNEL) ? null : read(thing.kind(), thing.id());
        if (data == null) {
            return true;
        }
        JsonNode bannedBy = data.path("banned_by");
        boolean isTaken = bannedBy.isString() || bannedBy.asBoolean(false);
        String text = data.path(thing.kind().equals(Fullname.POST) ? "selftext" : "body")
                .asString("");
        boolean isDeleted = text.equals(GeneratedPosts.NOBODY)
                && data.path("author").asString(GeneratedPosts.NOBODY).equals(GeneratedPosts.NOBODY);
        return !isTaken && !isDeleted;
    }

    /** A comment whose parent was not recorded, or is another post's, stands beside the topmost and still names its parent. */
    @Override
    public CommentTree comments(long post) {
        List<Comment> all = comments.getOrDefault(post, List.of());
        Map<Long, List<Comment>> replies = new HashMap<>();
        Deque<Comment> next = new ArrayDeque<>();
        Set<Long> here = all.stream().map(Comment::id).collect(Collectors.toSet());
        for (Comment comment : all) {
            if (comment.parent() == null || !here.contains(comment.parent())) {
                next.add(comment);
            } else {
                replies.computeIfAbsent(comment.parent(), p -> new ArrayList<>())
                        .add(comment);
            }
        }
        List<Comment> ordered = new ArrayList<>();
        Map<Long, Integer> indexes = new HashMap<>();
        while (!next.isEmpty()) {
            Comment comment = next.remove();
            indexes.put(comment.id(), ordered.size());
            ordered.add(comment);
            next.addAll(replies.getOrDefault(comment.id(), List.of()));
        }
        int[] parents = ordered.stream()
                .mapToInt(comment -> comment.parent() == null
                        ? CommentTree.NONE
                        : indexes.getOrDefault(comment.parent(), CommentTree.NONE))
                .toArray();
        return new CommentTree(
                ordered.stream().mapToLong(Comment::id).toArray(),
                parents,
                ordered.stream().mapToLong(Comment::created).toArray(),
                ordered.stream().mapToInt(Comment::score).toArray(),
                mores.getOrDefault(post, List.of()),
                index -> Objects.requireNonNull(comment(ordered.get(index).id())));
    }

    private static LongStream downwards(NavigableMap<Long, ?> numbers) {
        return numbers.descendingKeySet().stream().mapToLong(Long::longValue);
    }

    @Override
    public LongStream posts() {
        return downwards(placesOf(Fullname.POST));
    }

    @Override
    public LongStream postsOf(long channel) {
        long[] ids = postsOfChannel.getOrDefault(channel, List.of()).stream()
                .mapToLong(Long::longValue)
                .toArray();
        Arrays.sort(ids);
        return LongStream.range(0, ids.length).map(i -> ids[(int) (ids.length - 1 - i)]);
    }

    @Override
    public LongStream newestComments() {
        return downwards(placesOf(Fullname.COMMENT));
    }

    @Override
    public LongStream channels() {
        TreeMap<Long, Object> all = new TreeMap<>(placesOf(Fullname.CHANNEL));
        if (channelsByPosts) {
            all.putAll(namedByPosts);
        }
        return downwards(all);
    }

    @Override
    public @Nullable Boolean likes(String user, Fullname thing, @Nullable Boolean recorded) {
        return recorded;
    }

    @Override
    public List<String> moderators(long channel) {
        return List.of();
    }

    @Override
    public List<String> contributors(long channel) {
        return List.of();
    }

    @Override
    public void close() {
        lines.close();
    }
}
