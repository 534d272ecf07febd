package dev.backpop.producer.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.problem.InvalidInputException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoStoresTest {
    private static final DemoSize SMALL = new DemoSize(DemoSize.MIN_POSTS);

    @Test
    void two_seedings_make_the_same_rows_whether_in_one_database_or_in_two() throws Exception {
        try (DemoDatabase one = new DemoDatabase();
                DemoDatabase legacy = new DemoDatabase();
                DemoDatabase target = new DemoDatabase()) {
            new DemoStores(SMALL).create(one.connection, one.connection);
            legacy.execute("SET TimeZone = 'Asia/Kathmandu'");
            new DemoStores(SMALL).create(legacy.connection, target.connection);

            assertThat(digests(legacy, "legacy")).isEqualTo(digests(one, "legacy"));
            assertThat(digests(target, "discussions")).isEqualTo(digests(one, "discussions"));
            assertThat(legacy.count("pg_namespace", "nspname = 'discussions'")).isZero();
            assertThat(target.count("pg_namespace", "nspname = 'legacy'")).isZero();
        }
    }

    @Test
    void a_second_demo_replaces_the_first_and_a_drop_leaves_nothing() throws Exception {
        try (DemoDatabase database = new DemoDatabase()) {
            new DemoStores(SMALL).create(database.connection, database.connection);
            List<String> first = digests(database, "legacy");
            database.execute("DELETE FROM legacy.comment; INSERT INTO discussions.channel"
                    + " VALUES ('x', 'x', 'x', 'x', true, 1, 'x', now())");
            new DemoStores(SMALL).create(database.connection, database.connection);

            assertThat(digests(database, "legacy")).isEqualTo(first);
            assertThat(database.count("discussions.channel", "id = 'x'")).isZero();

            DemoStores.drop(database.connection, database.connection);
            assertThat(database.count("pg_namespace", "nspname IN ('legacy', 'discussions')"))
                    .isZero();
            assertThat(database.count("pg_proc", "proname IN ('base36', 'spread', 'post_id')"))
                    .isZero();
        }
    }

    @Test
    void a_schema_that_the_demo_did_not_make_is_left_alone() throws Exception {
        for (String name : List.of("legacy", "discussions")) {
            try (DemoDatabase database = new DemoDatabase()) {
                database.execute("CREATE SCHEMA " + name + "; CREATE TABLE " + name + ".post (precious text)");

                assertThatThrownBy(() -> new DemoStores(SMALL).create(database.connection, database.connection))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("schema " + name + " that the demo did not make");
                assertThatThrownBy(() -> DemoStores.drop(database.connection, database.connection))
                        .isInstanceOf(InvalidInputException.class);
                assertThat(database.list("SELECT nspname FROM pg_namespace WHERE nspname IN ('legacy', 'discussions')"))
                        .containsExactly(name);
                assertThat(database.count(name + ".post", "true")).isZero();
            }
        }
    }

    @Test
    void a_table_that_somebody_put_into_the_demos_schema_is_not_dropped() throws Exception {
        try (DemoDatabase database = new DemoDatabase()) {
            new DemoStores(SMALL).create(database.connection, database.connection);
            database.execute("CREATE TABLE discussions.precious AS SELECT 1 AS one");

            assertThatThrownBy(() -> DemoStores.drop(database.connection, database.connection))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("discussions.precious");
            assertThat(database.count("discussions.precious", "true")).isEqualTo(1);
            assertThat(database.count("discussions.post", "true")).isPositive();
        }
    }

    @Test
    void every_ugly_thing_is_really_there() throws Exception {
        for (long posts : List.of(1_000L, 5_000L)) {
            try (DemoDatabase database = new DemoDatabase()) {
                new DemoStores(new DemoSize(posts)).create(database.connection, database.connection);
                assertThat(database.count("legacy.channel", "true")).isEqualTo(200);
                assertThat(database.count("legacy.post", "true")).isEqualTo(posts);
                assertThat(database.count("legacy.comment", "true")).isEqualTo(posts * 3 / 2);
                List<String> lacking = new ArrayList<>();
                for (String[] ugly : UGLY) {
                    if (database.count(ugly[0], ugly[1]) < 2) {
                        lacking.add(ugly[0] + ": " + ugly[1]);
                    }
                }
                assertThat(lacking).isEmpty();
            }
        }
    }

    private static final String[][] UGLY = {
        {"legacy.post", "title ~ '\\U0001F600'"},
        {"legacy.post", "title ~ '[\\U00020000-\\U0002FFFF]'"},
        {"legacy.post", "title LIKE '%' || chr(1) || '%' AND title LIKE '%' || chr(27) || '%'"},
        {"legacy.post", "title IS NOT NFC NORMALIZED"},
        {"legacy.comment", "\"Body Text\" IS NOT NFC NORMALIZED"},
        {"legacy.post", "title LIKE E'%\\r\\n%'"},
        {"legacy.post", "title LIKE '%\\\\N \\\\.%'"},
        {"legacy.post", "title LIKE '  %'"},
        {"legacy.post", "title LIKE '%&amp;amp;%'"},
        {"legacy.post", "title LIKE E'%\\uFEFF%'"},
        {"legacy.post", "length(title) = 300 AND octet_length(title) = 1200"},
        {"legacy.post", "\"user\" = ''"},
        {"legacy.post", "over18 IS NULL"},
        {"legacy.post", "tags IS NULL"},
        {"legacy.post", "tags = ''"},
        {"legacy.post", "tags LIKE '%,,%'"},
        {"legacy.post", "body_html = ''"},
        {"legacy.post", "body_html IS NULL"},
        {"legacy.post", "meta IS NULL"},
        {"legacy.post", "\"Price USD\"::text = '0.10'"},
        {"legacy.post", "\"Price USD\" IS NULL"},
        {"legacy.post", "score LIKE ' +% '"},
        {"legacy.post", "score LIKE '-%'"},
        {"legacy.post", "created = '2021-03-14 02:30:00'"},
        {"legacy.post", "created = '2021-11-07 01:30:00'"},
        {"legacy.post", "created = '1969-12-31 18:59:59.999999'"},
        {"legacy.post", "created < '1884-01-01'"},
        {"legacy.post", "created > '2038-01-19'"},
        {"legacy.post", "edited_epoch < 0 AND edited_epoch <> trunc(edited_epoch)"},
        {"legacy.post", "edited_epoch IS NULL"},
        {"legacy.post", "post_id > 2147483648"},
        {"legacy.post", "post_id < 2147483648"},
        {"legacy.post", "channel_id NOT IN (SELECT id36 FROM legacy.channel)"},
        {"legacy.comment", "post_id NOT IN (SELECT post_id FROM legacy.post)"},
        {"legacy.comment", "comment_id > 2147483648"},
        {"legacy.comment", "created_epoch < 0"},
        {"legacy.comment", "created_epoch IN (1615705199, 1615705200)"},
        {"legacy.comment", "parent_id = 0"},
        {"legacy.comment", "parent_id IS NULL"},
        {"legacy.comment", "\"user\" = '[deleted]'"},
        {"legacy.channel", "\"Display Title\" IS NOT NFC NORMALIZED"},
        {"legacy.channel", "public_description = ''"},
        {"legacy.channel", "created = '2021-03-14 02:30:00' OR created < '1970-01-01'"},
    };

    private static List<String> digests(DemoDatabase database, String schema) throws SQLException {
        List<String> digests = new ArrayList<>();
        for (String entity : DemoPlan.ENTITIES) {
            digests.add(entity + " " + database.digest(schema + "." + entity));
        }
        return digests;
    }
}
