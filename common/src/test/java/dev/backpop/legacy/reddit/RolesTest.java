package dev.backpop.legacy.reddit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.legacy.FailedRow;
import dev.backpop.legacy.FailedRow.Kind;
import dev.backpop.legacy.LegacyEntity;
import dev.backpop.plan.From;
import dev.backpop.plan.LegacySource;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.standin.Fault;
import dev.backpop.standin.GeneratedOptions;
import dev.backpop.standin.GeneratedThings;
import dev.backpop.standin.Misbehaviour;
import dev.backpop.testing.Database;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RolesTest {
    private static final From.Thing CONTRIBUTORS = From.Thing.CONTRIBUTORS;
    private static final From.Thing MODERATORS = From.Thing.MODERATORS;

    private static GeneratedThings things(double moderated) {
        return new GeneratedThings(GeneratedOptions.of(10).withClosed(0.1).withModerated(moderated));
    }

    private static boolean isModerated(GeneratedThings things, long channel) {
        return requireNonNull(things.channel(channel)).path("user_is_moderator").asBoolean(false);
    }

    /** Who has the role, as the stand-in server's function says: {@code channel name}. */
    private static Set<String> truth(GeneratedThings things, From.Thing role) {
        Set<String> truth = new TreeSet<>();
        things.channels().filter(id -> isModerated(things, id)).forEach(id -> {
            if (role == MODERATORS) {
                truth.add(id + " mover");
            }
            (role == MODERATORS ? things.moderators(id) : things.contributors(id))
                    .forEach(name -> truth.add(id + " " + name));
        });
        return truth;
    }

    private static Set<String> people(Moved.Found found) {
        Set<String> people = new TreeSet<>();
        found.rows().values().forEach(row -> people.add(row.get("channel_id") + " " + row.get("name")));
        return people;
    }

    @Test
    void everybody_on_a_list_comes_however_many_pages_it_has() {
        GeneratedThings things = things(0.8);
        try (Moved moved = new Moved(things)) {
            for (From.Thing role : List.of(MODERATORS, CONTRIBUTORS)) {
                LegacyEntity entity = moved.open(role);

                Moved.Found found = moved.fetch(entity, role, Moved.all());

                assertThat(people(found)).isEqualTo(truth(things, role)).hasSizeGreaterThan(50);
                assertThat(moved.expect(entity, role, Moved.all()).rows()).isEqualTo(found.rows());
                // Closed ones do not show at all, so of those that show, these are the ones moderated by others.
                Set<Key> others = new java.util.HashSet<>();
                things.channels()
                        .filter(id -> !things.isClosed(id) && !isModerated(things, id))
                        .forEach(id -> others.add(Groups.whole(id)));
                assertThat(found.failed().keySet()).isEqualTo(others).isNotEmpty();
                assertThat(found.failed().values()).allMatch(row -> row.kind() == Kind.FORBIDDEN);
            }
            assertThat(LongStream.rangeClosed(1, 100)
                            .map(id -> things.contributors(id).size()))
                    .anyMatch(size -> size > 200);
        }
    }

    @Test
    void keys_stand_for_the_lists_of_channels_and_a_key_names_one_person() {
        GeneratedThings things = things(1);
        try (Moved moved = new Moved(things)) {
            LegacyEntity entity = moved.open(CONTRIBUTORS);
            List<Key> keys = Moved.keys(entity);
            Map<Key, Map<String, String>> all = asMap(moved.fetch(entity, CONTRIBUTORS, Moved.all()));
            Key one = all.keySet().stream().skip(20).findFirst().orElseThrow();
            Key nobody = Groups.key(Groups.group(one), 12_345);
            Key nowhere = Groups.key(99_999, 1);

            Moved.Found found = moved.fetch(entity, CONTRIBUTORS, new KeySelection.Keys(List.of(one, nobody, nowhere)));
            Moved.Found list =
                    moved.fetch(entity, CONTRIBUTORS, new KeySelection.Keys(List.of(Groups.whole(Groups.group(one)))));

            assertThat(keys).contains(Groups.whole(1)).endsWith(Groups.whole(keys.size()));
            assertThat(found.rows()).containsOnlyKeys(one);
            assertThat(found.failed()).containsOnlyKeys(nobody, nowhere);
            assertThat(found.of(Kind.ABSENT)).isEqualTo(2);
            all.keySet().removeIf(key -> Groups.group(key) != Groups.group(one));
            assertThat(list.rows()).isEqualTo(all);
        }
    }

    @SuppressWarnings("NullAway") // These columns are never NULL.
    private static Map<Key, Map<String, String>> asMap(Moved.Found found) {
        return new java.util.LinkedHashMap<>(found.rows());
    }

    @Test
    void a_list_that_fails_in_the_middle_is_no_shorter_list() {
        GeneratedThings things = things(1);
        try (Moved moved = new Moved(things)) {
            LegacyEntity entity = moved.open(CONTRIBUTORS);
            moved.server.misbehave(
                    Fault.of(Misbehaviour.SERVER_ERROR).withPath("/r/").withShare(0.1));

            org.assertj.core.api.Assertions.assertThatThrownBy(() -> entity.fetch(Moved.all(), rows -> {}))
                    .isInstanceOf(dev.backpop.legacy.LegacyUnavailableException.class);
        }
    }

    @Test
    void whom_the_application_does_not_know_is_excluded_and_so_are_its_unknown_channels() throws Exception {
        GeneratedThings things = things(1);
        Database database = Database.with(
                "CREATE TABLE auth_user (id int, username text)",
                "CREATE TABLE channel (id int, name text)",
                "INSERT INTO auth_user SELECT i, 'PERSON_' || i FROM generate_series(1, 2500) AS i",
                "INSERT INTO channel SELECT i, 'channel_' || i FROM generate_series(1, 50) AS i");
        LegacySource.Lookups lookups = new LegacySource.Lookups(
                new LegacySource.Jdbc(database.url(), "postgres", null),
                Map.of(
                        "user_id", "SELECT id FROM auth_user WHERE lower(username) = lower(:name)",
                        "channel_id", "SELECT id FROM channel WHERE lower(name) = lower(:channel)"));
        try (Moved moved = new Moved(things, false, lookups)) {
            LegacyEntity entity =
                    moved.open(CONTRIBUTORS, Moved.columns("channel_id:20 id:20 user_id:20 name:25 created_on:1184"));

            Moved.Found found = moved.fetch(entity, CONTRIBUTORS, Moved.all());
            Moved.Found expected = moved.expect(entity, CONTRIBUTORS, Moved.all());

            long known = truth(things, CONTRIBUTORS).stream()
                    .filter(person -> Long.parseLong(person.split(" ", -1)[0]) <= 50)
                    .filter(person -> Long.parseLong(person.split("person_", -1)[1]) <= 2_500)
                    .count();
            assertThat(found.rows()).hasSize((int) known).isNotEmpty();
            assertThat(found.rows().values())
                    .allSatisfy(
                            row -> assertThat("person_" + row.get("user_id")).isEqualTo(row.get("name")));
            assertThat(found.reasons(Kind.EXCLUDED)).containsOnlyKeys("unknown user", "unknown channel");
            assertThat(expected.rows()).isEqualTo(found.rows());
            assertThat(kinds(expected)).isEqualTo(kinds(found));
        }
    }

    private static Map<Key, Kind> kinds(Moved.Found found) {
        return found.failed().values().stream()
                .collect(java.util.stream.Collectors.toMap(FailedRow::key, FailedRow::kind));
    }
}
