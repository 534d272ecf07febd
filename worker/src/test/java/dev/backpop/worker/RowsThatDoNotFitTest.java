package dev.backpop.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.Counter;
import dev.backpop.testing.Servers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kind of row that does not fit, through the whole worker: it costs itself and no other. */
class RowsThatDoNotFitTest {
    private static final int ROWS = 40;

    private static void onlyTheBadAreMissing(WorkerFixture worker, int bad, String reject) throws Exception {
        assertThat(worker.database.ask("SELECT count(*) FROM thing")).containsExactly(Integer.toString(ROWS - bad));
        assertThat(worker.counters("a").get(Counter.ROWS_WRITTEN)).isEqualTo(ROWS - bad);
        // A child whose parent is not there is kept like the others, and waits.
        Counter kept = reject.contains("23503") ? Counter.ROWS_DEFERRED : Counter.ROWS_REJECTED;
        assertThat(worker.counters("a").get(kept)).isEqualTo(bad);
        assertThat(worker.ledger.totals("a").tally(CampaignKind.BACKFILL).addsUp())
                .isTrue();
        assertThat(worker.database.ask(
                        "SELECT stage, sqlstate, coalesce(constraint_name, column_name), count(DISTINCT key)"
                                + " FROM backpop.reject GROUP BY 1, 2, 3"))
                .containsExactly(reject + "|" + bad);
        assertThat(worker.database.ask("SELECT DISTINCT state, attempts FROM backpop.chunk"))
                .containsExactly("done|0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "UPDATE old_thing SET x = NULL; ALTER TABLE thing ALTER x SET NOT NULL; write|23502|x",
                "UPDATE old_thing SET x = 'xxxxxxxxx'; ALTER TABLE thing ALTER x TYPE varchar(5); write|22001|x",
                "UPDATE old_thing SET x = 'x     '; ALTER TABLE thing ALTER x TYPE varchar(5); write|22001|x",
                "UPDATE old_thing SET n = -7; ALTER TABLE thing ADD CONSTRAINT small CHECK (n > 0); write|23514|small",
                "UPDATE old_thing SET x = 'same'; ALTER TABLE thing ADD CONSTRAINT one UNIQUE (x); write|23505|one",
                "UPDATE old_thing SET x = 'lost'; ALTER TABLE thing ADD CONSTRAINT parent FOREIGN KEY (x) REFERENCES"
                        + " parent; write|23503|parent",
                "UPDATE old_thing SET x = 'sad'; ALTER TABLE thing ALTER x TYPE mood USING NULL; write|22P02|null",
                "UPDATE old_thing SET n = 0; SELECT; transform|22012|null"
            })
    void a_bad_row_of_a_database_is_a_reject(String damage, String constraint, String reject) throws Exception {
        try (WorkerFixture worker = new WorkerFixture(ROWS)) {
            worker.database.run(
                    "CREATE TABLE parent (id text PRIMARY KEY)",
                    "INSERT INTO parent SELECT 'x' || i FROM generate_series(1, 40) AS i",
                    "CREATE TYPE mood AS ENUM ('ok', '"
                            + IntStream.rangeClosed(1, ROWS)
                                    .mapToObj(i -> "x" + i)
                                    .collect(Collectors.joining("', '")) + "')",
                    constraint,
                    // A list of alternating rows, one alone, and one that the same fault follows.
                    damage + " WHERE id % 2 = 0 AND id < 20 OR id IN (27, 28)");
            worker.start("a", CampaignKind.BACKFILL, 4);

            worker.runAll();

            // Of rows with the same value, the first is there.
            onlyTheBadAreMissing(worker, reject.contains("23505") ? 10 : 11, reject);
        }
    }

    @Test
    void numbers_that_overflow_and_text_that_is_no_json_are_rejects() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(ROWS)) {
            worker.database.run(
                    "ALTER TABLE thing ALTER n TYPE numeric(4, 2), ALTER x TYPE jsonb USING NULL",
                    "UPDATE old_thing SET x = '{}'",
                    "UPDATE old_thing SET n = 0 WHERE id = 1",
                    "UPDATE old_thing SET x = '{' WHERE id = 2",
                    "UPDATE old_thing SET x = '{\"a\": \"\\u0000\"}' WHERE id = 3");
            worker.plan =
                    WorkerFixture.PLAN.replace("100 / n", "99 / n + id / 39").replace("x: x", "x: x::jsonb");
            worker.start("a", CampaignKind.BACKFILL, 4);

            worker.runAll();

            assertThat(worker.database.ask("SELECT key, stage, sqlstate FROM backpop.reject ORDER BY key"))
                    .containsExactly(
                            "[1]|transform|22012",
                            "[2]|transform|22P02",
                            "[3]|transform|22P05",
                            "[39]|write|22003",
                            "[40]|write|22003");
            assertThat(worker.database.ask("SELECT count(*) FROM thing")).containsExactly("35");
            assertThat(worker.ledger.totals("a").tally(CampaignKind.BACKFILL).addsUp())
                    .isTrue();
        }
    }

    @Test
    void bytes_that_are_no_text_come_out_of_an_ascii_database_and_are_rejects() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(ROWS)) {
            String name = worker.database.name() + "_ascii";
            worker.database.run(
                    "CREATE DATABASE " + name + " ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
            String url = Servers.postgres().url(name);
            worker.variables.put("LEGACY_URL", url);
            try (var connection = java.sql.DriverManager.getConnection(
                            "jdbc:postgresql://127.0.0.1:" + Servers.postgres().port() + "/" + name, "postgres", "");
                    var statement = connection.createStatement()) {
                statement.execute("CREATE TABLE old_thing (id int PRIMARY KEY, x text, n int)");
                statement.execute("INSERT INTO old_thing SELECT i, CASE WHEN i % 2 = 0 AND i < 20 OR i IN (27, 28) THEN"
                        + " 'M' || chr(252) || 'ller' ELSE 'x' || i END, 1 FROM generate_series(1, 40) AS i");
            }
            worker.start("a", CampaignKind.BACKFILL, 4);

            worker.runAll();

            onlyTheBadAreMissing(worker, 11, "transform|22021|null");
            assertThat(worker.database.ask("SELECT DISTINCT message FROM backpop.reject"))
                    .containsExactly("invalid byte sequence for encoding \"UTF8\": 0xfc");
            assertThat(worker.database.ask("SELECT DISTINCT source->>'x' FROM backpop.reject"))
                    .containsExactly("M\\xfcller");
            assertThat(worker.database.ask("SELECT count(*) FROM thing WHERE x = 'x21'"))
                    .containsExactly("1");
        }
    }

    @Test
    void nul_and_broken_text_of_a_file_are_rejects() throws Exception {
        try (WorkerFixture worker = new WorkerFixture(ROWS)) {
            Path folder = Servers.newFolder();
            StringBuilder lines = new StringBuilder();
            for (int i = 1; i <= ROWS; i++) {
                boolean bad = (i % 2 == 0 && i < 20) || i == 27;
                lines.append("{\"id\": ")
                        .append(i)
                        .append(", \"x\": \"x")
                        .append(bad ? "\\u0000" : "")
                        .append(i)
                        .append("\", \"n\": ")
                        .append(i == 28 ? "\"many\"" : "1")
                        .append("}\n");
            }
            Files.write(folder.resolve("things.ndjson"), lines.toString().getBytes(StandardCharsets.UTF_8));
            worker.plan = WorkerFixture.PLAN
                    .replace("{ jdbc: { url: \"${LEGACY_URL}\" } }", "{ file: { directory: \"" + folder + "\" } }")
                    .replace("table: old_thing", "file: things.ndjson, fields: { id: bigint }")
                    .replace("\"100 / n\"", "n");
            worker.start("a", CampaignKind.BACKFILL, 4);

            worker.runAll();

            assertThat(worker.database.ask("SELECT sqlstate, count(*) FROM backpop.reject GROUP BY 1 ORDER BY 1"))
                    .containsExactly("22021|10", "22P02|1");
            assertThat(worker.counters("a").get(Counter.ROWS_WRITTEN)).isEqualTo(29);
            assertThat(worker.database.ask("SELECT count(*) FROM thing")).containsExactly("29");
            assertThat(worker.ledger.totals("a").tally(CampaignKind.BACKFILL).addsUp())
                    .isTrue();
        }
    }
}
