package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.producer.demo.DemoPlan;
import dev.backpop.producer.demo.DemoSize;
import dev.backpop.producer.demo.DemoStores;
import dev.backpop.testing.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlanCheckCommandTest {
    private final Path folder = Servers.newFolder();
    private String legacyUrl = "";
    private String targetUrl = "";

    @BeforeEach
    void two_databases() {
        legacyUrl = Servers.newDatabase();
        targetUrl = Servers.newDatabase();
    }

    @Test
    void clean_plan_over_awkward_names_and_keys_gives_no_findings() throws Exception {
        legacy(
                "CREATE SCHEMA \"Old Shop\"",
                "CREATE TABLE \"Old Shop\".\"Order\" (\"user\" text COLLATE \"C\", \"No\" int, \"Full Name\" text,"
                        + " PRIMARY KEY (\"user\", \"No\"))",
                "INSERT INTO \"Old Shop\".\"Order\" VALUES ('a', 1, 'x'), ('a', 2, 'y')",
                "CREATE TABLE token (id uuid PRIMARY KEY, at timestamptz)",
                "CREATE VIEW tokens AS SELECT * FROM token",
                "INSERT INTO token VALUES (gen_random_uuid(), now())");
        target(
                "CREATE SCHEMA \"New\"",
                "CREATE TABLE \"New\".\"Order\" (\"Select\" text, no bigint, name varchar(5), PRIMARY KEY (no, \"Select\"))",
                "CREATE TABLE token (id uuid PRIMARY KEY, at timestamptz)");
        CommandRun run = check("""
                  order:
                    from: { table: '"Old Shop".Order', key: [user, "No"] }
                    into: { table: New.Order, key: [Select, no] }
                    columns: { name: Full Name }
                    guard: insert-only
                  token:
                    from: { table: tokens, key: id }
                    into: { table: token, key: id }
                    columns: { at: at }
                    guard: { version: { from: at, into: at } }
                """, "--json");

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .isEqualToIgnoringNewLines("{\"plan\":\"shop\",\"findings\":[],\"entities\":["
                        + "{\"entity\":\"order\",\"keys\":2,\"findings\":[]},"
                        + "{\"entity\":\"token\",\"keys\":1,\"findings\":[]}],\"errors\":0,\"warnings\":0}");
        assertThat(run.exitCode()).isZero();
        assertThat(check("""
                  token:
                    from: { table: tokens, key: id }
                    into: { table: token, key: id }
                    columns: { at: at }
                    guard: overwrite
                """).out())
                .contains("ok    token: 1 keys by measured id", "0 errors, 0 warnings", "next: backpop backfill ");
        assertThat(tables()).doesNotContain("backpop");
    }

    @Test
    void a_rule_that_does_not_fit_its_column_is_an_error() throws Exception {
        legacy("CREATE TABLE tokens (id bigint PRIMARY KEY, name text)");
        target("CREATE TABLE token (id bigint PRIMARY KEY, name text)");

        CommandRun run = check("""
                  token:
                    from: { table: tokens, key: id }
                    into: { table: token, key: id }
                    columns: { name: name }
                    guard: overwrite
                    compare: { name: { tolerance: 0.01 } }
                """);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out())
                .contains(
                        "entities.token.compare.name: rule 'tolerance 0.01' compares numbers, and the target's column is of"
                                + " type text: leave the rule out, or compare by another one",
                        "1 error");
    }

    @Test
    void ugly_plan_gives_every_finding_at_once() throws Exception {
        legacy(
                "CREATE TABLE people (id bigint, name text, age text, joined timestamp, score numeric, big bigint,"
                        + " junk text, mood text, note text)",
                "INSERT INTO people VALUES (1, 'short', '7', now(), 1.25, 1, '12', 'ok', NULL),"
                        + " (1, 'much too long', '8', now(), 12345.5, 3000000000, 'abc', 'sad', 'n'),"
                        + " (NULL, 'x', '9', now(), 1, 2, '13', 'ok', 'n')",
                "CREATE TABLE area (code text, PRIMARY KEY (code))");
        target(
                "CREATE TYPE mood AS ENUM ('ok')",
                "CREATE TABLE area (code text)",
                "CREATE UNIQUE INDEX ON area (code)",
                "CREATE TABLE other (id bigint PRIMARY KEY)",
                "CREATE TABLE people (id bigint, name varchar(5), age int, joined timestamptz, score numeric(5,1),"
                        + " big int, junk bigint, mood mood, note text NOT NULL, must text NOT NULL,"
                        + " twice bigint GENERATED ALWAYS AS (id * 2) STORED,"
                        + " area text REFERENCES area (code), other bigint REFERENCES other)",
                "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                "CREATE TRIGGER audit BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION f()");
        CommandRun run = check("""
                  person:
                    from: { query: "select * from people -- all of them", key: id }
                    into: { table: people, key: id }
                    columns:
                      name: name
                      age: age
                      joined: joined
                      score: score
                      big: big
                      junk: junk::bigint
                      mood: mood
                      note: note
                      twice: id
                      nowhere: name
                      area: nosuch
                      other: count(*)
                  area:
                    from: { query: "select * from area;", key: code }
                    into: { table: area, key: code }
                    columns: { }
                    guard: overwrite
                  again:
                    from: { table: area, key: code }
                    into: { table: area, key: code }
                    columns: { }
                    guard: overwrite
                  lost:
                    from: { table: nothing, key: id }
                    into: { table: nowhere, key: id }
                    columns: { }
                """);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(2);
        String place = "shop.yaml:\\d+ entities\\.person\\.";
        List<String> wanted = List.of(
                "error " + place + "columns\\.nowhere: .*has no column 'nowhere'.*",
                "error " + place + "columns\\.twice: column is generated.*",
                "error " + place + "into\\.key: .*ALTER TABLE \"public\"\\.\"people\" ADD PRIMARY KEY \\(\"id\"\\)",
                "error " + place + "columns: .*'must' is NOT NULL without a default.*",
                "warn  " + place + "into\\.table: triggers will fire.*audit.*",
                "error " + place + "parents: .*entity 'area'.*write parents: \\[area\\].*",
                "note  " + place + "parents: .*\"other\", which no entity.*",
                "error " + place + "columns\\.area: .*\"nosuch\" does not exist.*",
                "error " + place + "columns\\.other: is not the value of one row.*",
                "error " + place + "columns\\.age: is text .* integer .*\"age\"::integer",
                "warn  " + place + "columns\\.joined: .*UTC is assumed.*",
                "warn  " + place
                        + "columns\\.name: 1 row\\(s\\) are longer than character varying\\(5\\).*13 characters.*",
                "warn  " + place
                        + "columns\\.score: 1 row\\(s\\) are out of the range of numeric\\(5,1\\), up to 12345.5.*",
                "warn  " + place + "columns\\.score: 1 row\\(s\\) have more decimals.*1.25.*",
                "warn  " + place + "columns\\.big: 1 row\\(s\\) are out of the range of integer, up to 3000000000.*",
                "warn  " + place + "columns\\.junk: this expression fails on some rows.*\"abc\".*",
                "warn  " + place + "columns\\.mood: 1 row\\(s\\) have a value.*'sad'.*",
                "warn  " + place + "columns\\.note: 1 row\\(s\\) have NULL here.*",
                "error " + place + "from\\.key: is not unique: 1 \\(2 times\\).*",
                "error " + place + "from\\.key: the key is NULL in 1 row\\(s\\).*",
                "warn  shop.yaml:\\d+ entities\\.again\\.into\\.table: entity 'area' writes this table too.*",
                "error shop.yaml:\\d+ entities\\.lost\\.into\\.table: the target has no table 'nowhere'.*",
                "error shop.yaml:\\d+ entities\\.lost\\.from: .*relation \"nothing\" does not exist.*");
        List<String> lines = run.out().lines().toList();
        List<String> missing = new ArrayList<>();
        for (String pattern : wanted) {
            if (lines.stream().filter(line -> line.matches(pattern)).count() != 1) {
                missing.add(pattern);
            }
        }
        assertThat(missing).as(run.out()).isEmpty();
    }

    @Test
    void measuring_can_be_left_out() throws Exception {
        legacy("CREATE TABLE a (id bigint, name text)", "INSERT INTO a VALUES (1, 'much too long'), (1, 'b')");
        target("CREATE TABLE a (id bigint PRIMARY KEY, name varchar(5))");
        CommandRun run = check("""
                  a:
                    from: { table: a, key: id }
                    into: { table: a, key: id }
                    columns: { name: name }
                    guard: overwrite
                """, "--no-measure");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("note  ", "not measured (--no-measure)", "warn  ", "no constraint makes (id) unique")
                .doesNotContain("longer than");
    }

    @Test
    void large_text_key_without_an_index_in_c_order_is_told_which_index_helps() throws Exception {
        legacy(
                "CREATE TABLE a (id text COLLATE \"en_US\" PRIMARY KEY)".replace("\"en_US\"", collation()),
                "INSERT INTO a SELECT i::text FROM generate_series(1, 12000) i",
                "ANALYZE a");
        target("CREATE TABLE a (id text PRIMARY KEY)");
        String plan = """
                  a:
                    from: { table: a, key: id }
                    into: { table: a, key: id }
                    columns: { }
                    guard: overwrite
                """;
        assertThat(check(plan).out())
                .contains("warn  ", "CREATE INDEX CONCURRENTLY ON \"a\" ((\"id\") COLLATE \"C\")", "primary key id");

        legacy("CREATE INDEX CONCURRENTLY ON \"a\" ((\"id\") COLLATE \"C\")");

        assertThat(check(plan).out()).contains("ok    a: 12000 keys by primary key id", "0 warnings");
    }

    @Test
    void rights_that_lack_are_named_with_the_grant() throws Exception {
        legacy("CREATE TABLE a (id bigint PRIMARY KEY)");
        String database = targetUrl.substring(targetUrl.lastIndexOf('/') + 1);
        target(
                "CREATE TABLE a (id bigint PRIMARY KEY)",
                "CREATE SCHEMA hidden",
                "CREATE TABLE hidden.b (id bigint PRIMARY KEY)",
                "DROP ROLE IF EXISTS weak",
                "CREATE ROLE weak LOGIN PASSWORD 'hush-hush'",
                "REVOKE TEMP ON DATABASE " + database + " FROM PUBLIC");
        targetUrl = targetUrl.replace("postgres@", "weak:hush-hush@");
        CommandRun run = check("""
                  a:
                    from: { table: a, key: id }
                    into: { table: a, key: id }
                    columns: { }
                    guard: fence
                  b:
                    from: { table: a, key: id }
                    into: { table: hidden.b, key: id }
                    columns: { }
                    guard: overwrite
                """);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out())
                .contains(
                        "GRANT TEMPORARY ON DATABASE \"" + database + "\" TO \"weak\"",
                        "GRANT CREATE ON DATABASE \"" + database + "\" TO \"weak\"",
                        "GRANT SELECT, INSERT, UPDATE, TRIGGER, DELETE ON \"public\".\"a\" TO \"weak\"",
                        "permission denied for schema hidden");
        assertThat(run.out() + run.err()).doesNotContain("hush-hush");
    }

    @Test
    void target_tables_that_are_out_of_the_ordinary_are_told() throws Exception {
        legacy(
                "CREATE TABLE a (id bigint PRIMARY KEY, doc json, b bigint)",
                "INSERT INTO a VALUES (1, '{}', 1), (5000000000, NULL, 2)",
                "CREATE TABLE b (id bigint PRIMARY KEY, a bigint)");
        target(
                "CREATE UNLOGGED TABLE a (id int PRIMARY KEY, doc json, b bigint, up bigint REFERENCES a)",
                "CREATE UNLOGGED TABLE b (id bigint PRIMARY KEY, a bigint REFERENCES a)",
                "ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b) REFERENCES b",
                "CREATE RULE quiet AS ON UPDATE TO b DO INSTEAD NOTHING",
                "CREATE SCHEMA backpop");
        CommandRun run = check("""
                  a:
                    from: { table: a, key: id }
                    into: { table: a, key: id }
                    columns: { doc: doc, b: b, up: "null" }
                    guard: { version: { from: doc, into: doc } }
                  b:
                    parents: [a]
                    from: { table: b, key: "id -- the number" }
                    into: { table: b, key: id }
                    columns: { a: a }
                    guard: overwrite
                """);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.out())
                .containsPattern("warn  shop.yaml:\\d+ entities.a.into.table: is unlogged")
                .containsPattern("error shop.yaml:\\d+ entities.a.guard.version.into: .*has no order")
                .containsPattern(
                        "warn  shop.yaml:\\d+ entities.a.parents: .*a_b \\(b\\) points to entity 'b', which itself")
                .containsPattern(
                        "warn  shop.yaml:\\d+ entities.a.columns.id: 1 row\\(s\\) are out of the range of integer")
                .containsPattern("warn  shop.yaml:\\d+ entities.a.columns.doc: 1 row\\(s\\) have no version")
                .containsPattern("error shop.yaml:\\d+ entities.b.into.table: has rules .*quiet")
                .doesNotContain("columns.up", "a_up", "entities.b.from");
    }

    @Test
    void key_that_fails_on_a_row_stops_the_entity() throws Exception {
        legacy("CREATE TABLE a (id text)", "INSERT INTO a VALUES ('1'), ('x')");
        target("CREATE TABLE a (id bigint PRIMARY KEY)");

        assertThat(check("""
                  a:
                    from: { table: a, key: "id::bigint" }
                    into: { table: a, key: id }
                    columns: { }
                    guard: overwrite
                """).out())
                .containsPattern(
                        "error shop.yaml:\\d+ entities.a.from.key: the key or the condition fails on some row.*\"x\"");
        assertThat(check("""
                  a:
                    from: { table: a, key: id }
                    into: { table: a, key: id }
                    columns: { }
                    guard: overwrite
                """).out()).contains("which order differently");
    }

    @Test
    void demo_plan_has_no_errors() throws Exception {
        try (Connection legacy =
                        DriverManager.getConnection("jdbc:" + legacyUrl.replace("postgres@", ""), "postgres", "");
                Connection target =
                        DriverManager.getConnection("jdbc:" + targetUrl.replace("postgres@", ""), "postgres", "")) {
            new DemoStores(new DemoSize(7_000)).create(legacy, target);
        }
        Path plan = folder.resolve("demo.yaml");
        Files.writeString(plan, DemoPlan.text());
        CommandRun run = CommandRun.of(
                Map.of(DemoPlan.LEGACY_URL, legacyUrl, "BACKPOP_TARGET_URL", targetUrl),
                "plan",
                "check",
                plan.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("ok    post: 7000 keys by primary key post_id", " 0 errors")
                .doesNotContain("no index");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void unreachable_stores_are_both_named_and_keep_their_secrets() throws Exception {
        legacyUrl = "postgresql://u:hush-hush@127.0.0.1:1/legacy";
        targetUrl = "postgresql://u:hush-hush@127.0.0.1:1/target";
        CommandRun run = check("""
                  a:
                    from: { table: a, key: id }
                    into: { table: a, key: id }
                    columns: { }
                """);

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("target database at 127.0.0.1:1", "legacy database at 127.0.0.1:1");
        assertThat(run.out() + run.err()).doesNotContain("hush-hush");
    }

    @Test
    void file_is_read_and_its_bad_lines_are_findings() throws Exception {
        target("CREATE TABLE vote (id bigint PRIMARY KEY, value int)");
        Files.writeString(folder.resolve("votes.csv"), "id,value\n1,1\n1,2\nx,3\n");
        Files.writeString(folder.resolve("good.csv"), "id,value\n1,1\n2,2\n");
        CommandRun run = checkFiles("""
                  vote:
                    from: { file: votes.csv, key: id }
                    into: { table: vote, key: id }
                    columns: { value: value }
                    guard: overwrite
                  gone:
                    from: { file: gone.csv, key: id }
                    into: { table: vote, key: id }
                    columns: { value: value }
                    guard: overwrite
                  good:
                    from: { file: good.csv, key: id }
                    into: { table: vote, key: id }
                    columns: { value: value }
                    guard: overwrite
                  fields:
                    from: { file: good.csv, key: id }
                    into: { table: vote, key: id }
                    columns: { value: nosuch }
                    guard: overwrite
                """);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.out())
                .containsPattern("error shop.yaml:\\d+ entities.vote.from: line 3: ")
                .containsPattern("error shop.yaml:\\d+ entities.vote.from: line 4: ")
                .containsPattern("error shop.yaml:\\d+ entities.gone.from: ")
                .containsPattern("error shop.yaml:\\d+ entities.fields.from: .*nosuch")
                .contains("ok    good: 2 keys by id");
    }

    private CommandRun check(String entities, String... options) throws IOException {
        return run("jdbc: { url: \"${LEGACY_URL}\" }", entities, options);
    }

    private CommandRun checkFiles(String entities) throws IOException {
        return run("file: { directory: . }", entities);
    }

    private CommandRun run(String legacy, String entities, String... options) throws IOException {
        Path plan = folder.resolve("shop.yaml");
        Files.writeString(
                plan,
                "plan: shop\nlegacy: { " + legacy + " }\ntarget: { url: \"${TARGET_URL}\" }\nentities:\n" + entities);
        List<String> arguments = new ArrayList<>(List.of("plan", "check", plan.toString()));
        arguments.addAll(List.of(options));
        return CommandRun.of(
                Map.of("LEGACY_URL", legacyUrl, "TARGET_URL", targetUrl), arguments.toArray(String[]::new));
    }

    private void legacy(String... statements) throws SQLException {
        execute(legacyUrl, statements);
    }

    private void target(String... statements) throws SQLException {
        execute(targetUrl, statements);
    }

    private static void execute(String url, String... statements) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection("jdbc:" + url.replace("postgres@", ""), "postgres", "");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Some collation that is not C; servers differ in what they have. */
    private String collation() throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection("jdbc:" + legacyUrl.replace("postgres@", ""), "postgres", "");
                var found = connection
                        .createStatement()
                        .executeQuery("SELECT quote_ident(collname) FROM pg_collation WHERE collname NOT IN"
                                + " ('default', 'C', 'POSIX', 'ucs_basic') AND collprovider IN ('i', 'c')"
                                + " AND collencoding IN (-1, 6) AND collname NOT LIKE 'C.%' LIMIT 1")) {
            return found.next() ? found.getString(1) : "\"POSIX\"";
        }
    }

    private List<String> tables() throws SQLException {
        List<String> schemas = new ArrayList<>();
        try (Connection connection =
                        DriverManager.getConnection("jdbc:" + targetUrl.replace("postgres@", ""), "postgres", "");
                var found = connection.createStatement().executeQuery("SELECT nspname FROM pg_namespace")) {
            while (found.next()) {
                schemas.add(found.getString(1));
            }
        }
        return schemas;
    }
}
