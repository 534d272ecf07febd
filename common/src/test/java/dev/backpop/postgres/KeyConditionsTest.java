package dev.backpop.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.KeyShape;
import dev.backpop.row.KeyType;
import dev.backpop.testing.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyConditionsTest {
    private static final List<String> WORDS =
            List.of("", "A", "Z", "a", "ab", "b", "it's", "z", "é", "ö", "\uFFFD", "😀");

    private static List<Key> select(Database database, KeyConditions key, String condition) throws SQLException {
        return select(database, key, condition, key.order());
    }

    private static List<Key> select(Database database, KeyConditions key, String condition, String order)
            throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(
                        "SELECT " + key.selectTexts() + " FROM t WHERE " + condition + " ORDER BY " + order)) {
            List<Key> keys = new ArrayList<>();
            while (found.next()) {
                keys.add(KeyConditions.keyOf(found, key.shape()));
            }
            return keys;
        }
    }

    private static List<Key> keys(List<String> words) {
        return words.stream().map(Key::of).toList();
    }

    @Test
    void text_orders_by_code_point_whatever_the_columns_collation() throws Exception {
        Database database = Database.with(
                "CREATE COLLATION lenient (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                "CREATE TABLE t (k text COLLATE \"en-x-icu\")");
        for (String word : WORDS) {
            database.run("INSERT INTO t VALUES (" + SqlNames.literal(word) + ")");
        }
        KeyConditions key = new KeyConditions(List.of("k"), new KeyShape(List.of(KeyType.TEXT)));

        assertThat(select(database, key, "true")).isEqualTo(keys(WORDS));
        assertThat(select(database, key, "true", key.descendingOrder()).get(0)).isEqualTo(Key.of("😀"));
        List<Key> pieces = new ArrayList<>();
        for (int i = 0; i < WORDS.size(); i += 3) {
            Key after = i == 0 ? null : Key.of(WORDS.get(i - 1));
            pieces.addAll(select(database, key, key.in(new KeySelection.Range(null, after, Key.of(WORDS.get(i + 2))))));
        }
        assertThat(pieces).isEqualTo(keys(WORDS));
        assertThat(select(database, key, key.between(Key.of("z"), null, null)))
                .isEqualTo(keys(List.of("z", "é", "ö", "\uFFFD", "😀")));

        database.run("ALTER TABLE t ALTER k TYPE varchar(9) COLLATE lenient");
        assertThat(select(database, key, "true")).isEqualTo(keys(WORDS));
        assertThat(select(database, key, key.in(new KeySelection.Keys(keys(List.of("a", "it's", "B"))))))
                .as("a lenient collation takes a for A and b for B")
                .isEqualTo(keys(List.of("a", "it's")));
    }

    @Test
    void composite_keys_compare_as_a_whole_and_their_lists_pair_up() throws Exception {
        Database database = Database.with(
                "CREATE TABLE t (a text, n smallint)",
                "INSERT INTO t VALUES ('a', 1), ('a', 2), ('B', 9), ('b', -1), ('b', 1)");
        KeyConditions key =
                new KeyConditions(List.of("\"a\"", "(n)"), new KeyShape(List.of(KeyType.TEXT, KeyType.INTEGER)));

        assertThat(select(database, key, key.between(null, Key.of("B", "9"), Key.of("b", "-1"))))
                .containsExactly(Key.of("a", "1"), Key.of("a", "2"), Key.of("b", "-1"));
        assertThat(select(database, key, key.in(new KeySelection.Keys(List.of(Key.of("a", "1"), Key.of("b", "2"))))))
                .containsExactly(Key.of("a", "1"));
    }

    @Test
    void rows_that_are_computed_from_the_first_part_are_computed_for_the_parts_that_are_asked_for() throws Exception {
        Database database = Database.with(
                "CREATE FUNCTION parts(n int) RETURNS SETOF int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN"
                        + " IF n NOT IN (2, 3) THEN RAISE 'asked for %', n; END IF; RETURN QUERY SELECT 1; RETURN QUERY SELECT 2;"
                        + " END $$",
                "CREATE TABLE first (n int)",
                "INSERT INTO first VALUES (1), (2), (3), (4)",
                "CREATE VIEW t AS SELECT n, parts(n) AS part FROM first");
        KeyConditions key =
                new KeyConditions(List.of("n", "part"), new KeyShape(List.of(KeyType.INTEGER, KeyType.INTEGER)));

        assertThat(select(database, key, key.between(null, Key.of("2", "1"), Key.of("3", "1"))))
                .containsExactly(Key.of("2", "2"), Key.of("3", "1"));
        assertThat(select(database, key, key.between(Key.of("2", "1"), null, Key.of("3", "1"))))
                .hasSize(3);
        assertThat(select(database, key, key.in(new KeySelection.Keys(List.of(Key.of("3", "2"), Key.of("3", "7"))))))
                .containsExactly(Key.of("3", "2"));
        assertThatThrownBy(() -> select(database, key, "true")).hasMessageContaining("asked for");
    }

    @Test
    void uuids_and_dates_compare_as_such() throws Exception {
        Database database = Database.with(
                "CREATE TABLE t (u uuid, d date)",
                "INSERT INTO t VALUES ('ffffffff-0000-4000-8000-000000000000', '0099-12-31'),"
                        + " ('0A000000-0000-4000-8000-000000000000', '2024-02-29')");
        KeyConditions dates = new KeyConditions(List.of("d"), new KeyShape(List.of(KeyType.DATE)));
        KeyConditions uuids = new KeyConditions(List.of("u"), new KeyShape(List.of(KeyType.UUID)));

        assertThat(select(database, dates, dates.between(Key.of("0099-12-31"), null, Key.of("2024-02-28"))))
                .containsExactly(Key.of("0099-12-31"));
        assertThat(select(database, uuids, uuids.between(null, null, Key.of("ff000000-0000-0000-0000-000000000000"))))
                .containsExactly(Key.of("0a000000-0000-4000-8000-000000000000"));
        assertThat(select(
                        database,
                        uuids,
                        uuids.in(new KeySelection.Keys(List.of(Key.of("ffffffff-0000-4000-8000-000000000000"))))))
                .hasSize(1);
    }

    @Test
    void an_empty_list_selects_nothing_and_no_bound_everything() throws Exception {
        Database database = Database.with("CREATE TABLE t (k int)", "INSERT INTO t VALUES (1)");
        KeyConditions key = new KeyConditions(List.of("k"), new KeyShape(List.of(KeyType.INTEGER)));

        assertThat(select(database, key, key.in(new KeySelection.Keys(List.of()))))
                .isEmpty();
        assertThat(select(database, key, key.between(null, null, null))).containsExactly(Key.of("1"));
    }

    @Test
    void a_null_key_is_an_error_and_not_a_key() throws Exception {
        Database database = Database.with("CREATE TABLE t (k int)", "INSERT INTO t VALUES (NULL)");
        KeyConditions key = new KeyConditions(List.of("k"), new KeyShape(List.of(KeyType.INTEGER)));

        assertThatThrownBy(() -> select(database, key, "true")).hasMessageContaining("the key is NULL");
    }
}
