package dev.backpop.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.plan.Guard;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.Row;
import dev.backpop.testing.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TargetCatalogueTest {
    private static TargetTable table(Database database, String name) throws SQLException {
        try (Connection connection = database.connect()) {
            return TargetCatalogue.table(connection, name).orElseThrow();
        }
    }

    @Test
    void columns_are_described_as_they_are_made() throws Exception {
        Database database = Database.with(
                "CREATE SCHEMA \"My Shop\"",
                "CREATE TYPE mood AS ENUM ('ok')",
                "CREATE DOMAIN cents AS numeric(8,2) NOT NULL",
                "CREATE DOMAIN price AS cents DEFAULT 1",
                "CREATE TABLE \"My Shop\".\"Order\" (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, p price, m mood[],"
                        + " c char(3), b bit(3), t varchar(9) COLLATE \"C\" NOT NULL, gone int,"
                        + " twice numeric GENERATED ALWAYS AS (id * 2) STORED)",
                "ALTER TABLE \"My Shop\".\"Order\" DROP COLUMN gone");

        TargetTable table = table(database, "My Shop.Order");

        assertThat(table.sqlName()).isEqualTo("\"My Shop\".\"Order\"");
        assertThat(table.columns().stream().map(TargetColumn::name))
                .containsExactly("id", "p", "m", "c", "b", "t", "twice");
        assertThat(table.primaryKey()).containsExactly("id");
        TargetColumn price = table.column("p").orElseThrow();
        assertThat(price.type().sqlName()).isEqualTo("numeric");
        assertThat(price.type().declared()).isEqualTo("price");
        assertThat(price.notNull()).isTrue();
        assertThat(price.hasDefault()).isTrue();
        assertThat(table.column("m").orElseThrow().type().viaText()).isTrue();
        assertThat(table.column("id").orElseThrow().alwaysIdentity()).isTrue();
        assertThat(table.column("twice").orElseThrow().generated()).isTrue();
        assertThat(table.column("t").orElseThrow().collation()).isEqualTo("pg_catalog.\"C\"");
        assertThat(table.column("c").orElseThrow().type().sqlName()).isEqualTo("pg_catalog.bpchar");
    }

    @Test
    void only_what_an_upsert_can_name_is_a_unique_key() throws Exception {
        Database database = Database.with(
                "CREATE TABLE t (a int, b int, c int, d int, e int, PRIMARY KEY (b, a), UNIQUE (c) DEFERRABLE,"
                        + " UNIQUE (d) INCLUDE (e))",
                "CREATE UNIQUE INDEX ON t (e) WHERE a > 0",
                "CREATE UNIQUE INDEX ON t ((a + 1))",
                "CREATE UNIQUE INDEX ON t (c, a, e)");

        TargetTable table = table(database, "t");

        assertThat(table.uniqueKeys()).containsExactlyInAnyOrder(Set.of("a", "b"), Set.of("d"), Set.of("a", "c", "e"));
        assertThat(table.primaryKey()).containsExactly("b", "a");
    }

    @Test
    void partitioned_tables_and_references_are_found_and_views_are_not_tables() throws Exception {
        Database database = Database.with(
                "CREATE TABLE parent (id int PRIMARY KEY)",
                "CREATE TABLE t (id int PRIMARY KEY, x int REFERENCES parent) PARTITION BY RANGE (id)",
                "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10)",
                "CREATE VIEW v AS SELECT * FROM t");

        assertThat(table(database, "t").foreignKeys()).singleElement().satisfies(key -> {
            assertThat(key.table()).isEqualTo("\"public\".\"parent\"");
            assertThat(key.columns()).hasSize(1);
        });
        TargetFixture target = TargetFixture.of(database, new Guard.Overwrite(), "id,x", 1);
        WriteResult result = target.write("VALUES (1, NULL::int), (99, NULL)");
        assertThat(TargetFixture.counts(result)).isEqualTo("1 0 0 1");
        try (Connection connection = database.connect()) {
            assertThat(TargetCatalogue.table(connection, "v")).isEmpty();
            assertThat(TargetCatalogue.table(connection, "T")).isEmpty();
            assertThat(TargetCatalogue.table(connection, "nowhere.t")).isEmpty();
        }
    }

    @Test
    void columns_that_do_not_fit_are_all_named() {
        assertThatThrownBy(() -> TargetFixture.of(
                        new Guard.Overwrite(),
                        "price,Name,twice",
                        "CREATE TABLE t (price numeric PRIMARY KEY, name text,"
                                + " twice numeric GENERATED ALWAYS AS (price * 2) STORED)"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("did you mean 'name'?")
                .hasMessageContaining("generated by the target")
                .hasMessageContaining("cannot be a key");
    }

    @Test
    void number_keys_come_back_in_the_order_of_numbers() throws Exception {
        TargetFixture target =
                TargetFixture.of(new Guard.Overwrite(), "id,x", "CREATE TABLE t (id int PRIMARY KEY, x int)");
        target.write("SELECT i, i FROM generate_series(1, 100) AS i");
        List<Key> keys = new ArrayList<>();
        try (Connection connection = target.database.connect()) {
            connection.setAutoCommit(false);
            new TargetReader(target.entity, target.table, target.shape)
                    .keys(connection, null, Key.of("8"), null, 3, keys::add);
        }

        assertThat(keys).containsExactly(Key.of("9"), Key.of("10"), Key.of("11"));
    }

    @Test
    void rows_and_keys_come_back_in_code_point_order() throws Exception {
        TargetFixture target = TargetFixture.of(
                new Guard.Overwrite(),
                "k,x",
                "CREATE DOMAIN word AS text",
                "CREATE TABLE t (k word COLLATE \"en-x-icu\" PRIMARY KEY, x int)");
        target.write("VALUES ('b', 1), ('B', 2), ('é', 3), ('a', 4)");
        TargetReader reader = new TargetReader(target.entity, target.table, target.shape);
        List<Key> keys = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        try (Connection connection = target.database.connect()) {
            connection.setAutoCommit(false);
            reader.keys(connection, Key.of("B"), Key.of("a"), null, 2, keys::add);
            reader.rows(connection, new KeySelection.Range(null, null, Key.of("b")), 10, rows::add);
        }

        assertThat(keys).containsExactly(Key.of("b"), Key.of("é"));
        assertThat(rows.stream().map(target.shape::keyOf)).containsExactly(Key.of("B"), Key.of("a"), Key.of("b"));
    }
}
