package dev.backpop.target;

import static dev.backpop.target.TargetFixture.counts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.backpop.target.TouchStatus.State;
import dev.backpop.testing.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveTouchesTest {
    private static final String LEFT_OVER = "SELECT (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal),"
            + " (SELECT count(*) FROM pg_proc WHERE pronamespace = 'backpop'::regnamespace),"
            + " (SELECT count(*) FROM pg_class WHERE relnamespace = 'backpop'::regnamespace)";

    @Test
    void installing_twice_is_once_and_removing_leaves_nothing() throws Exception {
        try (FenceFixture target = FenceFixture.ofFive()) {
            assertThat(target.status().state()).isEqualTo(State.INSTALLED);
            assertThat(target.status().installedAt()).isNotNull();
            target.live("UPDATE t SET x = 'live' WHERE id < 3", "DELETE FROM t WHERE id = 5");

            assertThat(target.install()).isFalse();

            assertThat(target.status().touched()).isEqualTo(2);
            assertThat(target.status().deleted()).isEqualTo(1);
            assertThat(target.remove()).isTrue();
            assertThat(target.remove()).isFalse();
            assertThat(target.status().state()).isEqualTo(State.ABSENT);
            assertThat(target.target.ask(LEFT_OVER)).containsExactly("0|0|0");
            target.live("UPDATE t SET x = 'live'");
        }
    }

    @Test
    void what_is_missing_is_installed_again_and_touches_are_kept() throws Exception {
        try (FenceFixture target = FenceFixture.ofFive()) {
            target.live("DELETE FROM t WHERE id = 5", "ALTER TABLE t DISABLE TRIGGER ALL");
            assertThat(target.status().state()).isEqualTo(State.INCOMPLETE);
            assertThat(target.status().installedAt()).isNull();

            assertThat(target.install()).isTrue();

            assertThat(target.status().state()).isEqualTo(State.INSTALLED);
            assertThat(target.status().deleted()).isEqualTo(1);
        }
    }

    @Test
    void touches_of_a_table_that_was_made_anew_are_forgotten() throws Exception {
        try (FenceFixture target = FenceFixture.ofFive()) {
            target.live("DELETE FROM t", "DROP TABLE t", "CREATE TABLE t (id bigint PRIMARY KEY, x text)");
            assertThat(target.status().state()).isEqualTo(State.INCOMPLETE);

            assertThat(target.install()).isTrue();

            assertThat(target.status().deleted()).isZero();
            assertThat(counts(target.write(target.fence(), "VALUES (1, 'legacy')")))
                    .isEqualTo("1 0 0 0");
        }
    }

    @Test
    void a_table_in_use_is_not_waited_for_long_and_nothing_changes() throws Exception {
        try (FenceFixture target = FenceFixture.ofFive();
                Connection other = target.target.database.connect()) {
            target.remove();
            other.setAutoCommit(false);
            Database.ask(other, "UPDATE t SET x = 'live' WHERE id = 1 RETURNING id");

            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(target::install)
                    .satisfies(failure -> assertThat(failure.getSQLState()).isEqualTo("55P03"));
            other.commit();
            assertThat(target.status().state()).isEqualTo(State.ABSENT);
            assertThat(target.install()).isTrue();
        }
    }

    @Test
    void a_user_without_any_right_on_the_ledger_still_writes_and_touches() throws Exception {
        try (FenceFixture target = FenceFixture.ofFive();
                Connection other = target.target.database.connect()) {
            String user = "app_" + target.target.database.name();
            target.live("CREATE ROLE " + user, "GRANT INSERT, UPDATE, DELETE, SELECT, TRUNCATE ON t TO " + user);
            try (var statement = other.createStatement()) {
                statement.execute("SET ROLE " + user);
                statement.execute("INSERT INTO t VALUES (6, 'live') ON CONFLICT (id) DO UPDATE SET x = 'live'");
                statement.execute("DELETE FROM t WHERE id = 1");
                // Whatever they put in the way of names is not looked at.
                statement.execute("CREATE TEMPORARY TABLE live_touch_thing (id int)");
                statement.execute("UPDATE t SET x = 'live' WHERE id = 2");
                assertThat(target.status().touched()).isEqualTo(2);
                assertThat(target.status().deleted()).isEqualTo(1);
                statement.execute("TRUNCATE t");
            }
            assertThat(target.status().touched()).isZero();
            assertThat(target.status().truncatedAt()).isNotNull();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "Mixed Case, order, x | 2 | \"Mixed Case\" int, \"order\" text COLLATE \"en-x-icu\" | 1, 'é' | 2, 'z'",
                "found, x | 1 | found uuid | '6f1b1c3e-0000-4000-8000-00000000000a' | '6f1b1c3e-0000-4000-8000-00000000000b'",
                "xid, deleted, touched_at, x | 3 | xid int, deleted varchar(3), touched_at date | 1, 'a', '2024-01-01' | 1, 'b', '2024-01-01'",
                "key, mark, x | 2 | key smallint, mark text | 1, '' | 2, 'installed'",
                "tg_op, x | 1 | tg_op text | 'a\"b''c' | 'B'"
            })
    void keys_of_every_name_and_type_are_touched(String columns, int keys, String definition, String one, String two)
            throws Exception {
        String names = columns.replace(", ", ",");
        String key = String.join(
                ", ",
                List.of(names.split(",", -1)).subList(0, keys).stream()
                        .map(name -> '"' + name + '"')
                        .toList());
        try (FenceFixture target = FenceFixture.of(
                names,
                keys,
                "CREATE TABLE t (" + definition + ", x text, PRIMARY KEY (" + key + "))",
                "INSERT INTO t VALUES (" + one + ", 'old'), (" + two + ", 'old')")) {
            String first = "SELECT " + key + " FROM t LIMIT 1";
            Fence fence = target.fence();
            target.live("UPDATE t SET x = 'live' WHERE (" + key + ") = (" + one + ")");

            assertThat(counts(target.write(fence, "VALUES (" + one + ", 'legacy'), (" + two + ", 'legacy')")))
                    .as(first)
                    .isEqualTo("1 0 1 0");
            target.live("DELETE FROM t WHERE (" + key + ") = (" + two + ")");
            assertThat(counts(target.write(target.fence(), "VALUES (" + one + ", 'legacy'), (" + two + ", 'legacy')")))
                    .isEqualTo("1 0 1 0");
            assertThat(target.target.ask("SELECT x FROM t")).containsExactly("legacy");
        }
    }

    @Test
    void rows_without_a_key_are_nobodys() throws Exception {
        try (FenceFixture target = FenceFixture.of("id,x", 1, "CREATE TABLE t (id bigint UNIQUE, x text)")) {
            target.live(
                    "INSERT INTO t VALUES (NULL, 'a'), (NULL, 'b'), (1, 'c')",
                    "UPDATE t SET x = 'd'",
                    "UPDATE t SET id = NULL",
                    "DELETE FROM t");

            assertThat(target.status().touched()).isZero();
            assertThat(target.status().deleted()).isEqualTo(1);
        }
    }

    @Test
    void partitions_are_seen_through_their_table_and_by_themselves() throws Exception {
        try (FenceFixture target = FenceFixture.of(
                "id,x",
                1,
                "CREATE TABLE t (id bigint PRIMARY KEY, x text) PARTITION BY RANGE (id)",
                "CREATE TABLE low PARTITION OF t FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE high PARTITION OF t FOR VALUES FROM (10) TO (20)",
                "INSERT INTO t VALUES (1, 'old'), (2, 'old'), (3, 'old')")) {
            Fence fence = target.fence();
            target.live(
                    "UPDATE t SET id = 11 WHERE id = 1",
                    "UPDATE low SET x = 'live' WHERE id = 2",
                    "INSERT INTO high VALUES (12, 'live')");

            assertThat(counts(target.write(fence, "SELECT i, 'legacy' FROM generate_series(1, 12) AS i")))
                    .isEqualTo("8 0 4 0");
            assertThat(target.target.ask("SELECT id FROM t WHERE x <> 'legacy' ORDER BY id"))
                    .containsExactly("2", "11", "12");

            target.live("CREATE TABLE top PARTITION OF t FOR VALUES FROM (20) TO (30)");
            assertThat(target.status().state()).isEqualTo(State.INCOMPLETE);
            assertThat(target.install()).isTrue();
            assertThat(target.status().state()).isEqualTo(State.INSTALLED);
            assertThat(target.status().touched()).isEqualTo(3);
        }
    }

    @Test
    void names_tell_plans_and_entities_apart_and_need_no_quotes() {
        assertThat(name("shop", "Ein-Ding_mit-einem-sehr-langen-Namen-und-noch-mehr"))
                .matches("live_touch_[a-z0-9_]{24}_[0-9a-f]{8}");
        assertThat(name("shop", "a")).isNotEqualTo(name("other", "a")).isNotEqualTo(name("shop", "A"));
    }

    private static String name(String plan, String entity) {
        return TouchTable.name(plan, entity);
    }
}
