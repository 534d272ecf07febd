package dev.backpop.producer.chaos;

import dev.backpop.testing.Database;
import java.sql.SQLException;

/**
 * The rows that attacks are survived with: some written, some there already, some guarded by a newer version, some that do
 * not fit, and a table {@code pace} that says how many seconds each insert takes.
 */
final class Things {
    static final int ROWS = 100_000;

    private Things() {}

    static void create(Database database) throws SQLException {
        database.run(
                "CREATE TABLE old_thing (id int PRIMARY KEY, x text NOT NULL, n text NOT NULL, version int NOT NULL)",
                "INSERT INTO old_thing SELECT i, CASE WHEN i % 4999 = 0 THEN 'longer than it may be ' ELSE 'x' END || i,"
                        + " CASE WHEN i % 9973 = 0 THEN 'many' ELSE i::text END, 5 FROM generate_series(1, " + ROWS
                        + ") AS i",
                "CREATE TABLE thing (id int PRIMARY KEY, x varchar(12) NOT NULL, n int NOT NULL, version int NOT NULL)",
                "INSERT INTO thing SELECT i, CASE WHEN i % 3 = 0 THEN 'x' || i ELSE 'old' END, i, 4 + (i % 3 = 0)::int"
                        + " + 2 * (i % 3 = 1)::int FROM generate_series(1, " + ROWS + ", 17) AS i",
                "CREATE TABLE wanted (id int PRIMARY KEY, x varchar(12) NOT NULL, n int NOT NULL, version int NOT NULL)",
                "INSERT INTO wanted SELECT id, x, n::int, version FROM old_thing WHERE length(x) <= 12 AND n <> 'many'"
                        + " AND NOT EXISTS (SELECT FROM thing WHERE thing.id = old_thing.id AND thing.version > 5)",
                "INSERT INTO wanted SELECT * FROM thing WHERE NOT EXISTS (SELECT FROM wanted WHERE wanted.id = thing.id)",
                "CREATE TABLE pace (seconds float8 NOT NULL)",
                "INSERT INTO pace VALUES (0)",
                "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN PERFORM pg_sleep(seconds) FROM public.pace; RETURN NEW; END $$",
                "CREATE TRIGGER slowly BEFORE INSERT ON thing EXECUTE FUNCTION slowly()");
    }

    /** Rows of the target that are missing or are not as SQL says they should be. */
    static long lost(Database database) throws SQLException {
        return Long.parseLong(database.ask("SELECT count(*) FROM (TABLE wanted EXCEPT ALL TABLE thing) AS lost")
                .get(0));
    }

    static final String PLAN = """
            plan: shop
            legacy: { jdbc: { url: "${LEGACY_URL}" } }
            target: { url: "${BACKPOP_TARGET_URL}" }
            entities:
              thing:
                from: { table: old_thing, key: id }
                into: { table: thing, key: id }
                columns: { x: x, n: "n::int", version: version }
                guard: { version: { from: version, into: version } }
            """;
}
