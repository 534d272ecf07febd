package dev.backpop.legacy.reddit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.legacy.FailedRow;
import dev.backpop.legacy.FailedRow.Kind;
import dev.backpop.legacy.LegacyEntity;
import dev.backpop.legacy.LegacyHeldException;
import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.legacy.reddit.api.Answer;
import dev.backpop.legacy.reddit.api.RedditApi;
import dev.backpop.plan.From;
import dev.backpop.plan.LegacySource;
import dev.backpop.plan.RedditLogin;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.standin.Fault;
import dev.backpop.standin.GeneratedOptions;
import dev.backpop.standin.GeneratedThings;
import dev.backpop.standin.Misbehaviour;
import dev.backpop.testing.Database;
import dev.backpop.testing.Servers;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RedditLegacyTest {
    private static final GeneratedOptions POSTS = GeneratedOptions.of(1_500);

    @Test
    void every_number_of_a_post_has_one_end() {
        GeneratedThings things = new GeneratedThings(POSTS);
        try (Moved moved = new Moved(things)) {
            LegacyEntity posts = moved.open(From.Thing.POSTS);

            Moved.Found found = moved.fetch(posts, From.Thing.POSTS, Moved.all());

            assertThat(Moved.keys(posts)).hasSize((int) newest(things));
            Set<Key> ends = new HashSet<>(found.rows().keySet());
            ends.addAll(found.failed().keySet());
            assertThat(ends).hasSize((int) newest(things)).hasSameSizeAs(sum(found));
            assertThat(found.of(Kind.ABSENT))
                    .isEqualTo(LongStream.rangeClosed(1, newest(things))
                            .filter(id -> things.post(id) == null)
                            .count());
            assertThat(found.of(Kind.FORBIDDEN)).isPositive();
            assertThat(found.of(Kind.EXCLUDED)).isPositive();
            assertThat(found.rows().values())
                    .anyMatch(row -> "true".equals(row.get("removed")) || "t".equals(row.get("removed")));
        }
    }

    private static List<Key> sum(Moved.Found found) {
        List<Key> keys = new java.util.ArrayList<>(found.rows().keySet());
        keys.addAll(found.failed().keySet());
        return keys;
    }

    private static long newest(GeneratedThings things) {
        return things.posts()
                .filter(id -> !things.isClosed(channel(things, id)))
                .findFirst()
                .orElse(0);
    }

    private static long channel(GeneratedThings things, long post) {
        String name = requireNonNull(things.post(post)).path("subreddit_id").asString("");
        return name.isEmpty() ? 0 : ThingId.number(From.Thing.CHANNELS, name);
    }

    @Test
    void posts_that_info_leaves_out_are_asked_for_alone_before_they_are_absent() {
        GeneratedThings things = new GeneratedThings(GeneratedOptions.of(300));
        try (Moved moved = new Moved(things)) {
            LegacyEntity posts = moved.open(From.Thing.POSTS);
            Moved.Found whole = moved.fetch(posts, From.Thing.POSTS, Moved.all());

            moved.server.misbehave(Fault.of(Misbehaviour.DROPPED_IDS).withShare(0.5));
            Moved.Found dropped = moved.fetch(posts, From.Thing.POSTS, Moved.all());

            assertThat(dropped.rows()).isEqualTo(whole.rows()).isNotEmpty();
            assertThat(dropped.failed()).isEqualTo(whole.failed());
        }
    }

    @Test
    void whether_a_post_was_removed_is_not_known_where_the_account_does_not_moderate() {
        GeneratedThings things = new GeneratedThings(GeneratedOptions.of(300).withModerated(0.5));
        try (Moved moved = new Moved(things)) {
            LegacyEntity telling = moved.open(From.Thing.POSTS);
            Moved.Found told = moved.fetch(telling, From.Thing.POSTS, Moved.all());
            Moved.Found expected = moved.expect(telling, From.Thing.POSTS, Moved.all());
            Map<String, Integer> columns = new LinkedHashMap<>(Moved.POST);
            columns.remove("removed");
            Moved.Found untold = moved.fetch(moved.open(From.Thing.POSTS, columns), From.Thing.POSTS, Moved.all());

            Set<Key> unknown = new HashSet<>(untold.rows().keySet());
            unknown.removeAll(told.rows().keySet());
            assertThat(unknown).isNotEmpty().allSatisfy(key -> {
                FailedRow row = requireNonNull(told.failed().get(key));
                assertThat(row.kind()).isEqualTo(Kind.UNVERIFIABLE);
                assertThat(row.message()).startsWith("no moderator access: whether it was removed is not shown");
                long channel = channel(things, Long.parseLong(key.parts().get(0)));
                assertThat(requireNonNull(things.channel(channel))
                                .path("user_is_moderator")
                                .asBoolean(true))
                        .isFalse();
            });
            assertThat(told.rows().keySet())
                    .isNotEmpty()
                    .isSubsetOf(untold.rows().keySet());
            assertThat(expected.rows().keySet()).isEqualTo(told.rows().keySet());
        }
    }

    @Test
    void a_thing_that_nobody_asked_for_is_no_answer() {
        try (Moved moved = new Moved(new GeneratedThings(GeneratedOptions.of(50)))) {
            LegacyEntity posts = moved.open(From.Thing.POSTS);
            moved.server.misbehave(
                    Fault.of(Misbehaviour.WRONG_THING).withPath("/api/info").withRequests(1));
            assertThat(moved.fetch(posts, From.Thing.POSTS, Moved.all()).rows()).isNotEmpty();

            moved.server.misbehave(Fault.of(Misbehaviour.WRONG_THING).withPath("/api/info"));
            KeySelection one = new KeySelection.Keys(List.of(Key.of("7")));
            assertThatThrownBy(() -> posts.fetch(one, rows -> {}))
                    .isInstanceOf(LegacyUnavailableException.class)
                    .hasMessageContaining("which nobody asked for");

            moved.server.misbehave(
                    Fault.of(Misbehaviour.DROPPED_IDS),
                    Fault.of(Misbehaviour.WRONG_THING).withPath("/comments"));
            assertThatThrownBy(() -> posts.fetch(Moved.all(), rows -> {}))
                    .isInstanceOf(LegacyUnavailableException.class);
        }
    }

    @Test
    void an_outage_calls_nothing_absent() {
        try (Moved moved = new Moved(new GeneratedThings(GeneratedOptions.of(50)))) {
            LegacyEntity posts = moved.open(From.Thing.POSTS);
            moved.server.misbehave(Fault.of(Misbehaviour.SERVER_ERROR).withPath("/comments"));

            assertThatThrownBy(() -> posts.fetch(Moved.all(), rows -> {
                        throw new AssertionError("rows of a chunk that is not whole");
                    }))
                    .isInstanceOf(LegacyUnavailableException.class);
        }
    }

    @Test
    void channels_come_with_what_may_be_posted_in_them() {
        GeneratedThings things = new GeneratedThings(GeneratedOptions.of(10));
        try (Moved moved = new Moved(things)) {
            LegacyEntity channels = moved.open(From.Thing.CHANNELS);

            Moved.Found found = moved.fetch(channels, From.Thing.CHANNELS, Moved.all());

            assertThat(sum(found)).hasSize(100);
            found.rows().forEach((key, row) -> {
                var channel =
                        requireNonNull(things.channel(Long.parseLong(key.parts().get(0))));
                assertThat(row.get("name"))
                        .isEqualTo(channel.path("display_name").asString());
                assertThat(row.get("allowed_post_types"))
                        .isEqualTo(
                                switch (channel.path("submission_type").asString()) {
                                    case "link" -> "1";
                                    case "self" -> "2";
                                    default -> "3";
                                });
            });
            assertThat(moved.expect(channels, From.Thing.CHANNELS, Moved.all())).isEqualTo(found);
        }
    }

    /** Of 100 channels the server leaves out some by number, has none at all of the numbers 101 to 103, and closes some. */
    @Test
    void a_channel_that_info_leaves_out_is_asked_for_by_its_name_before_it_is_absent() throws Exception {
        Database database = Database.with(
                "CREATE TABLE old_channel (name text)",
                "INSERT INTO old_channel SELECT 'CHANNEL_' || i FROM generate_series(1, 110) AS i",
                "INSERT INTO old_channel SELECT 'u_person_' || i FROM generate_series(1, 100) AS i",
                "INSERT INTO old_channel VALUES (NULL), (''), ('../new'), ('channel_5')");
        KeySelection all = new KeySelection.Keys(LongStream.rangeClosed(1, 103)
                .mapToObj(id -> Key.of(Long.toString(id)))
                .toList());
        GeneratedThings open = new GeneratedThings(GeneratedOptions.of(10).withClosed(0));
        Moved.Found whole;
        try (Moved unnamed = new Moved(open)) {
            LegacyEntity channels = unnamed.open(From.Thing.CHANNELS);
            whole = unnamed.fetch(channels, From.Thing.CHANNELS, all);
            unnamed.server.misbehave(Fault.of(Misbehaviour.DROPPED_IDS).withShare(0.5));
            assertThat(unnamed.fetch(channels, From.Thing.CHANNELS, all).reasons(Kind.ABSENT))
                    .as("nobody tells names")
                    .containsOnlyKeys(
                            "left out by /api/info, among others and alone; no lookup channel_names tells of names to ask for");
        }
        try (Moved moved = new Moved(open, false, names(database, "SELECT name FROM old_channel"))) {
            LegacyEntity channels = moved.open(From.Thing.CHANNELS);
            moved.server.misbehave(Fault.of(Misbehaviour.DROPPED_IDS).withShare(0.5));

            Moved.Found found = moved.fetch(channels, From.Thing.CHANNELS, all);

            assertThat(found.rows()).isEqualTo(whole.rows()).hasSizeGreaterThan(90);
            assertThat(found.reasons(Kind.EXCLUDED)).isEqualTo(whole.reasons(Kind.EXCLUDED));
            assertThat(found.reasons(Kind.ABSENT))
                    .isEqualTo(Map.of(
                            "left out by /api/info, among others and alone, and no channel of a known name has this id",
                            3L));
            assertThat(moved.expect(channels, From.Thing.CHANNELS, all)).isEqualTo(found);
        }
    }

    @Test
    void a_channel_whose_name_is_closed_to_the_account_is_forbidden_and_not_absent() throws Exception {
        Database database = Database.with("CREATE TABLE old_channel (name text)");
        KeySelection all = new KeySelection.Keys(LongStream.rangeClosed(1, 100)
                .mapToObj(id -> Key.of(Long.toString(id)))
                .toList());
        GeneratedThings things = new GeneratedThings(GeneratedOptions.of(10).withClosed(0.05));
        List<Key> closed = LongStream.rangeClosed(1, 100)
                .filter(things::isClosed)
                .mapToObj(id -> Key.of(Long.toString(id)))
                .toList();
        assertThat(closed).isNotEmpty();
        try (Moved moved = new Moved(things, false, names(database, "SELECT name FROM old_channel"))) {
            assertThat(moved.fetch(moved.open(From.Thing.CHANNELS), From.Thing.CHANNELS, all)
                            .of(Kind.ABSENT))
                    .as("nobody knows that they are there")
                    .isEqualTo(closed.size());
        }
        database.run("INSERT INTO old_channel SELECT 'channel_' || i FROM generate_series(1, 100) AS i");
        try (Moved moved = new Moved(things, false, names(database, "SELECT name FROM old_channel"))) {
            Moved.Found found = moved.fetch(moved.open(From.Thing.CHANNELS), From.Thing.CHANNELS, all);

            assertThat(found.of(Kind.ABSENT)).isZero();
            assertThat(found.failed().values().stream()
                            .filter(row -> row.kind() == Kind.FORBIDDEN)
                            .map(FailedRow::key))
                    .containsExactlyInAnyOrderElementsOf(closed);
            assertThat(found.reasons(Kind.FORBIDDEN).keySet())
                    .singleElement()
                    .asString()
                    .contains("may be one of " + closed.size() + " channels that this account may not see: channel_");
        }
    }

    private static LegacySource.Lookups names(Database database, String query) {
        return new LegacySource.Lookups(
                new LegacySource.Jdbc(database.url(), "postgres", null), Map.of("channel_names", query));
    }

    @Test
    void an_opening_asks_for_the_newest_once_a_minute_and_no_more() {
        AtomicLong nanos = new AtomicLong();
        try (Moved moved = new Moved(new GeneratedThings(GeneratedOptions.of(50)), nanos::get)) {
            moved.legacy.check();
            moved.legacy.check();
            assertThat(moved.server.statistics().requests()).containsEntry("/new", 1L);
            LegacyEntity posts = moved.open(From.Thing.POSTS);
            LegacyEntity comments = moved.open(From.Thing.COMMENTS);
            for (LegacyEntity entity : List.of(posts, comments)) {
                assertThat(entity.lastKey(null, null)).isPresent();
                assertThat(entity.estimatedKeys()).isPresent();
            }
            Map<String, Long> asked = moved.server.statistics().requests();
            assertThat(asked).containsEntry("/new", 1L).containsEntry("/r/CHANNEL/new", 1L);

            nanos.addAndGet(60_000_000_000L);
            posts.lastKey(null, null);

            assertThat(moved.server.statistics().requests())
                    .containsEntry("/new", 2L)
                    .containsEntry("/r/CHANNEL/new", 2L);
        }
    }

    @Test
    void a_server_that_says_until_when_it_is_not_to_be_asked_is_believed_when_it_is_opened() {
        AtomicLong asked = new AtomicLong();
        RedditApi held = new RedditApi() {
            @Override
            public Answer get(String path, Map<String, String> parameters) {
                asked.incrementAndGet();
                throw new LegacyHeldException("not before noon", Duration.ofMinutes(7));
            }

            @Override
            public Answer post(String path, Map<String, String> form) {
                return get(path, form);
            }

            @Override
            public RedditApi as(RedditLogin login) {
                return this;
            }
        };
        LegacySource.Reddit source = Moved.source(URI.create("http://127.0.0.1:1"), false, LegacySource.Lookups.NONE);
        try (RedditLegacy legacy = new RedditLegacy(source, held, Servers.newFolder())) {
            assertThatThrownBy(legacy::check)
                    .isInstanceOfSatisfying(
                            LegacyHeldException.class, e -> assertThat(e.time()).isEqualTo(Duration.ofMinutes(7)));
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void what_writes_and_what_verifies_read_generated_things_alike() {
        try (Moved moved = new Moved(new GeneratedThings(POSTS.withModerated(0.5)))) {
            for (From.Thing thing : List.of(From.Thing.POSTS, From.Thing.COMMENTS)) {
                LegacyEntity entity = moved.open(thing);
                KeySelection some = thing == From.Thing.POSTS
                        ? Moved.all()
                        : new KeySelection.Range(null, null, CommentThings.tree(300));
                Moved.Found written = moved.fetch(entity, thing, some);
                Moved.Found expected = moved.expect(entity, thing, some);

                assertThat(expected.rows()).isEqualTo(written.rows()).hasSizeGreaterThan(500);
                assertThat(kinds(expected)).isEqualTo(kinds(written));
                assertThat(written.of(Kind.UNVERIFIABLE)).isPositive();
            }
        }
    }

    static Map<Key, Kind> kinds(Moved.Found found) {
        Map<Key, Kind> kinds = new java.util.HashMap<>();
        found.failed().forEach((key, row) -> kinds.put(key, row.kind()));
        return kinds;
    }

    @Test
    void a_lookup_answers_for_every_row_that_asks() throws Exception {
        Database database = Database.with(
                "CREATE TABLE auth_user (id int, username text)",
                "INSERT INTO auth_user VALUES (7, 'PERSON_1'), (8, 'person_2')",
                "CREATE TABLE channel (id bigint, name text)",
                "INSERT INTO channel SELECT 1000 + i, 'c' || i FROM generate_series(1, 3) AS i");
        Map<String, String> queries = Map.of(
                "author_id", "SELECT id FROM auth_user WHERE lower(username) = lower(:author)",
                "channel_id", "SELECT id::int8 FROM channel WHERE id % 1000 = :channel_id");
        GeneratedThings things = new GeneratedThings(GeneratedOptions.of(400).withChannels(6));
        try (Moved moved = new Moved(
                things,
                true,
                new LegacySource.Lookups(new LegacySource.Jdbc(database.url(), "postgres", null), queries))) {
            LegacyEntity posts =
                    moved.open(From.Thing.POSTS, Moved.columns("id:20 author_id:20 author:25 channel_id:20"));

            Moved.Found found = moved.fetch(posts, From.Thing.POSTS, Moved.all());

            assertThat(found.rows().values()).isNotEmpty().allSatisfy(row -> {
                assertThat(row.get("channel_id")).isIn("1001", "1002", "1003");
            });
            assertThat(found.reasons(Kind.EXCLUDED)).containsKey("unknown channel");
            assertThat(moved.expect(posts, From.Thing.POSTS, Moved.all())).isEqualTo(found);
        }
    }

    @Test
    void a_plan_that_does_not_fit_is_refused_with_every_problem() throws Exception {
        Database database = Database.with("CREATE TABLE auth_user (id int, username text)");
        Map<String, String> queries = Map.of(
                "author_id", "SELECT id FROM nobody WHERE username = :author",
                "reader_id", "SELECT id FROM auth_user WHERE username = :reader",
                "channel_names", "SELECT name FROM nowhere WHERE name = :name");
        try (Moved moved = new Moved(
                new GeneratedThings(GeneratedOptions.of(10)),
                false,
                new LegacySource.Lookups(new LegacySource.Jdbc(database.url(), "postgres", null), queries))) {
            assertThatThrownBy(() -> moved.open(
                            From.Thing.POSTS,
                            new java.util.LinkedHashMap<>(
                                    Map.of("id", 20, "titel", 25, "author_id", 20, "reader_id", 20, "created_on", 25))))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("there is no field 'titel'; did you mean 'title'?")
                    .hasMessageContaining("queries.author_id: lookup author_id: ")
                    .hasMessageContaining("asks with ':reader', but posts have no field of that name")
                    .hasMessageContaining("field 'created_on' is epoch_seconds");
            assertThatThrownBy(() -> moved.open(From.Thing.CHANNELS, Moved.columns("id:20")))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("queries.channel_names asks with ':name', but it is asked with nothing");
        }
    }

    @Test
    void documents_of_rejects_are_those_of_the_chunk() {
        try (Moved moved = new Moved(new GeneratedThings(GeneratedOptions.of(100)))) {
            LegacyEntity posts = moved.open(From.Thing.POSTS);
            Moved.Found found = moved.fetch(posts, From.Thing.POSTS, Moved.all());
            Key key = found.rows().keySet().iterator().next();
            moved.server.misbehave(Fault.of(Misbehaviour.SERVER_ERROR));

            assertThat(posts.documents(List.of(key, Key.of("100000"))))
                    .containsOnlyKeys(key)
                    .allSatisfy((one, document) -> assertThat(document).contains("\"fullname\":\"t3_"));
        }
    }

    @Test
    void a_list_asks_for_these_things_and_no_others() {
        GeneratedThings things = new GeneratedThings(GeneratedOptions.of(400));
        try (Moved moved = new Moved(things)) {
            LegacyEntity posts = moved.open(From.Thing.POSTS);
            KeySelection list = new KeySelection.Keys(List.of(Key.of("5"), Key.of("999999"), Key.of("-3")));

            Moved.Found found = moved.fetch(posts, From.Thing.POSTS, list);

            assertThat(sum(found)).containsExactlyInAnyOrder(Key.of("5"), Key.of("999999"));
            assertThat(found.failed().get(Key.of("999999")))
                    .isEqualTo(new FailedRow(Key.of("999999"), Kind.ABSENT, null, "404 Not Found"));
        }
    }

    @Test
    void planning_is_told_how_many_keys_one_request_asks_for() {
        try (Moved moved = new Moved(new GeneratedThings(GeneratedOptions.of(1)))) {
            assertThat(moved.open(From.Thing.POSTS).keysAtOnce()).isEqualTo(ThingReader.AT_ONCE);
            assertThat(moved.open(From.Thing.COMMENTS).keysAtOnce()).isEqualTo(1);
        }
    }
}
