package dev.backpop.legacy.reddit;

import static java.util.Objects.requireNonNull;

import dev.backpop.legacy.FailedRow;
import dev.backpop.legacy.LegacyEntity;
import dev.backpop.legacy.OwnAccess;
import dev.backpop.legacy.reddit.api.RedditClient;
import dev.backpop.plan.ColumnRule;
import dev.backpop.plan.Entity;
import dev.backpop.plan.From;
import dev.backpop.plan.Guard;
import dev.backpop.plan.Into;
import dev.backpop.plan.LegacySource;
import dev.backpop.plan.RedditLogin;
import dev.backpop.row.BinaryValues;
import dev.backpop.row.ColumnType;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.KeyShape;
import dev.backpop.row.KeyType;
import dev.backpop.row.Row;
import dev.backpop.row.RowShape;
import dev.backpop.standin.StandIn;
import dev.backpop.standin.StandInOptions;
import dev.backpop.standin.Things;
import dev.backpop.testing.Servers;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Things behind a stand-in server, and what the store makes of them. */
final class Moved implements AutoCloseable {
    static final Map<String, Integer> POST = columns(
            "id:20 fullname:25 channel_id:20 channel:25 author:25 post_type:25 title:25 url:25 text:25 plain_text:25"
                    + " score:20 num_comments:20 edited:16 edited_on:1184 created_on:1184 removed:16 deleted:16"
                    + " stickied:16 locked:16 over_18:16 quarantine:16 permalink_slug:25 cleaned:16");
    static final Map<String, Integer> COMMENT = columns(
            "post_id:20 id:20 fullname:25 parent_id:20 channel_id:20 author:25 text:25 plain_text:25 score:20 edited:16"
                    + " edited_on:1184 created_on:1184 removed:16 deleted:16 stickied:16 locked:16 cleaned:16");
    static final Map<String, Integer> CHANNEL =
            columns("id:20 fullname:25 name:25 title:25 channel_type:25 allowed_post_types:21 description:25"
                    + " public_description:25 submit_text:25 over_18:16 quarantine:16 created_on:1184 cleaned:16");

    static final Map<String, Integer> ROLE =
            columns("channel_id:20 id:20 fullname:25 name:25 channel:25 created_on:1184 cleaned:16");

    static final Map<String, Integer> POST_VOTE = columns("voter_id:20 post_id:20 direction:21 fullname:25 channel:25");
    static final Map<String, Integer> COMMENT_VOTE =
            columns("voter_id:20 comment_id:20 direction:21 fullname:25 channel:25");

    final StandIn server;
    final RedditLegacy legacy;
    private final Map<From.Thing, RowShape> shapes = new LinkedHashMap<>();

    Moved(Things things) {
        this(things, false, LegacySource.Lookups.NONE);
    }

    Moved(StandInOptions options) {
        this(options, false, LegacySource.Lookups.NONE);
    }

    Moved(Things things, boolean moderates, LegacySource.Lookups lookups) {
        this(StandInOptions.of(things), moderates, lookups);
    }

    /** @param nanoTime by which the store knows how old an answer is */
    Moved(Things things, LongSupplier nanoTime) {
        this(StandInOptions.of(things), false, LegacySource.Lookups.NONE, nanoTime);
    }

    private Moved(StandInOptions options, boolean moderates, LegacySource.Lookups lookups) {
        this(options, moderates, lookups, System::nanoTime);
    }

    private Moved(StandInOptions options, boolean moderates, LegacySource.Lookups lookups, LongSupplier nanoTime) {
        server = StandIn.start(options);
        legacy = new RedditLegacy(
                source(server.url(), moderates, lookups), new PlainApi(server.url()), Servers.newFolder(), nanoTime);
    }

    /** As the account with its refresh token, and as each of these voters. */
    Moved(StandIn server, LegacySource.Lookups lookups, LegacySource.Voters voters) {
        this.server = server;
        LegacySource.Reddit plain = source(server.url(), true, lookups);
        LegacySource.Reddit source = new LegacySource.Reddit(
                plain.url(),
                plain.tokenUrl(),
                plain.userAgent(),
                new RedditLogin.RefreshToken("stand-in", "stand-in-secret", "stand-in-refresh"),
                plain.requests(),
                plain.per(),
                plain.inFlight(),
                plain.timeout(),
                plain.moderates(),
                lookups,
                voters);
        legacy =
                new RedditLegacy(source, RedditClient.of(source, new OwnAccess(System::nanoTime)), Servers.newFolder());
    }

    static LegacySource.Reddit source(URI url, boolean moderates, LegacySource.Lookups lookups) {
        return new LegacySource.Reddit(
                url,
                url.resolve("/api/v1/access_token"),
                "test:backpop:1",
                new RedditLogin.Application("stand-in", "stand-in-secret"),
                1_000_000,
                Duration.ofSeconds(1),
                8,
                Duration.ofSeconds(5),
                moderates,
                lookups);
    }

    /** Field names and the types of their columns; those of the key first. */
    static Map<String, Integer> columns(String words) {
        Map<String, Integer> columns = new LinkedHashMap<>();
        for (String word : words.split(" ", -1)) {
            columns.put(word.split(":", -1)[0], Integer.valueOf(word.split(":", -1)[1]));
        }
        return columns;
    }

    LegacyEntity open(From.Thing thing) {
        return open(
                thing,
                switch (thing) {
                    case POSTS -> POST;
                    case COMMENTS -> COMMENT;
                    case CHANNELS -> CHANNEL;
                    case MODERATORS, CONTRIBUTORS -> ROLE;
                    case POST_VOTES -> POST_VOTE;
                    case COMMENT_VOTES -> COMMENT_VOTE;
                });
    }

    LegacyEntity open(From.Thing thing, Map<String, Integer> columns) {
        List<ColumnRule> rules = columns.keySet().stream()
                .map(name -> new ColumnRule(name.replaceAll("[^a-z_0-9]", ""), name))
                .toList();
        RowShape shape = new RowShape(
                columns.entrySet().stream()
                        .map(entry -> new RowShape.Column(
                                entry.getKey().replaceAll("[^a-z_0-9]", ""),
                                new ColumnType(entry.getValue(), "t", "t", false)))
                        .toList(),
                thing.key().size() > 1 ? List.of(0, 1) : List.of(0),
                new KeyShape(thing.key().stream().map(key -> KeyType.INTEGER).toList()));
        shapes.put(thing, shape);
        Entity entity = new Entity(
                thing.word(),
                List.of(),
                new From.Things(thing),
                new Into(thing.word(), thing.key()),
                rules,
                new Guard.Overwrite());
        return legacy.entity(entity, shape);
    }

    /** The columns of each row, as text; of failed rows what they say. */
    record Found(Map<Key, Map<String, @Nullable String>> rows, Map<Key, FailedRow> failed) {
        long of(FailedRow.Kind kind) {
            return failed.values().stream().filter(row -> row.kind() == kind).count();
        }

        Map<String, Long> reasons(FailedRow.Kind kind) {
            return failed.values().stream()
                    .filter(row -> row.kind() == kind)
                    .collect(Collectors.groupingBy(FailedRow::message, Collectors.counting()));
        }
    }

    Found fetch(LegacyEntity entity, From.Thing thing, KeySelection selection) {
        return found(thing, rows -> entity.fetch(selection, rows));
    }

    Found expect(LegacyEntity entity, From.Thing thing, KeySelection selection) {
        return found(thing, rows -> entity.expect(selection, rows));
    }

    private interface Reading {
        List<FailedRow> read(java.util.function.Consumer<List<Row>> rows);
    }

    private Found found(From.Thing thing, Reading reading) {
        RowShape shape = requireNonNull(shapes.get(thing));
        Found found = new Found(new LinkedHashMap<>(), new LinkedHashMap<>());
        List<FailedRow> failed = reading.read(batch -> batch.forEach(row -> {
            Map<String, @Nullable String> values = new LinkedHashMap<>();
            for (int i = 0; i < row.size(); i++) {
                byte[] field = row.field(i);
                values.put(
                        shape.columns().get(i).name(),
                        field == null
                                ? null
                                : BinaryValues.text(
                                        shape.columns().get(i).type().transferOid(), field));
            }
            if (found.rows().put(shape.keyOf(row), values) != null) {
                throw new AssertionError(shape.keyOf(row) + " came twice");
            }
        }));
        failed.forEach(row -> found.failed().merge(row.key(), row, (one, other) -> {
            throw new AssertionError(row.key() + " failed twice");
        }));
        return found;
    }

    static KeySelection all() {
        return new KeySelection.Range(null, null, null);
    }

    static List<Key> keys(LegacyEntity entity) {
        List<Key> keys = new ArrayList<>();
        entity.lastKey(null, null).ifPresent(last -> entity.keys(null, null, last, Long.MAX_VALUE, keys::add));
        return keys;
    }

    @Override
    public void close() {
        legacy.close();
        server.close();
    }
}
