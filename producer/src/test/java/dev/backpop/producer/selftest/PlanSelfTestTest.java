package dev.backpop.producer.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.plan.Plan;
import dev.backpop.plan.PlanReader;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.producer.demo.DemoStage;
import dev.backpop.producer.driver.Session;
import dev.backpop.producer.selftest.Verdict.Result;
import dev.backpop.settings.Environment;
import dev.backpop.settings.Settings;
import dev.backpop.testing.Database;
import dev.backpop.testing.Servers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlanSelfTestTest {
    private static final String PLAN = """
            plan: shop
            legacy: { jdbc: { url: "${BACKPOP_TARGET_URL}" } }
            target: { url: "${BACKPOP_TARGET_URL}" }
            entities:
              customer:
                from: { table: old.customer, key: id }
                into: { table: customer, key: id }
                columns: { name: name, town: town, note: note, code: code, seen: seen, score: score, kept: kept }
                compare: { score: { ignore: "changes by itself" } }
                verify: { settle: 100ms }
            """;

    private static Database shop() throws SQLException {
        return Database.with(
                "CREATE SCHEMA old",
                "CREATE TABLE old.customer (id int PRIMARY KEY, name text, town text, note text, code text, seen"
                        + " timestamptz, score int, kept boolean)",
                "INSERT INTO old.customer SELECT g, 'Kunde ' || g || E' – “Ærø”\\n &amp; of ours', 'Town ' || g % 7 || CASE WHEN g = 50 THEN ' east' ELSE"
                        + " ' “Österley” &amp; 北 1' END, NULL,"
                        + " 'code' || g, timestamptz '2020-01-01 10:00:00Z' + g * interval '1 minute', g, g % 2 = 0"
                        + " FROM generate_series(1, 1200) AS g",
                "CREATE TABLE customer (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, town text,"
                        + " note text, code text UNIQUE CHECK (code ~ '^code'), seen timestamptz, score int, kept boolean,"
                        + " shout text GENERATED ALWAYS AS (upper(name)) STORED)",
                "INSERT INTO customer (id, name, town, note, code, seen, score, kept) OVERRIDING SYSTEM VALUE"
                        + " SELECT id, name, town, note, code, seen, score + 7, kept FROM old.customer",
                // What is wrong already must neither be taken for a planted fault nor for a false alarm.
                "DELETE FROM customer WHERE id IN (1, 40)",
                "UPDATE customer SET town = 'elsewhere' WHERE id = 41",
                "INSERT INTO customer (id, name) OVERRIDING SYSTEM VALUE VALUES (-5, 'nobody')");
    }

    private static Tried run(Database database, QuietScreen screen) throws Exception {
        Map<String, String> variables = new HashMap<>();
        variables.put(Settings.REDIS_URL, Servers.redis().url());
        variables.put(Settings.REDIS_PREFIX, Servers.newPrefix());
        variables.put(Settings.TARGET_URL, database.url());
        Environment environment = new Environment(variables::get);
        Settings settings = Settings.of(Settings.Flags.NONE, environment);
        PlanReader plans = new PlanReader(environment);
        Plan plan = plans.read(PLAN, "shop.yaml", Path.of("/"));
        try (Session session = Session.open(settings, settings.target(), environment, Clock.systemUTC());
                SelfTestWorker worker = SelfTestWorker.start(variables)) {
            PlanSelfTest test =
                    new PlanSelfTest(session, plans, plan, Path.of("/"), new DemoStage(), worker::check, screen);
            test.lookForLeftovers();
            return test.run(plan.entity("customer").orElseThrow(), null);
        }
    }

    @Test
    void faults_are_planted_as_far_as_columns_allow_in_a_copy_that_is_gone_afterwards() throws Exception {
        Database database = shop();
        database.run("CREATE SCHEMA backpop_self_test_left");
        String before = database.ask("SELECT md5(string_agg(c::text, '|' ORDER BY id)) FROM customer AS c")
                .get(0);
        QuietScreen screen = new QuietScreen();

        Tried tried = run(database, screen);

        assertThat(tried.method()).isEqualTo("digests");
        List<Verdict> verdicts = tried.verdicts();
        assertThat(verdicts).allMatch(Verdict::passes);
        Map<String, Result> results = verdicts.stream().collect(Collectors.toMap(Verdict::fault, Verdict::result));
        assertThat(results)
                .containsEntry("dropped row", Result.FOUND)
                .containsEntry("row under another key", Result.FOUND)
                .containsEntry("swapped columns", Result.FOUND)
                .containsEntry("truncated text", Result.FOUND)
                .containsEntry("case", Result.FOUND)
                .containsEntry("NFC", Result.FOUND)
                .containsEntry("HTML escaping", Result.FOUND)
                .containsEntry("shifted time zone", Result.FOUND)
                .containsEntry("lost NULL", Result.FOUND)
                .containsEntry("inverted", Result.FOUND)
                // The code is unique, and the only number is not compared.
                .containsEntry("duplicated row", Result.NOT_APPLICABLE)
                .containsEntry("off by one", Result.NOT_APPLICABLE);
        assertThat(screen.notes)
                .anyMatch(note -> note.startsWith("3 of the first 1000 rows"))
                .anyMatch(note -> note.contains("DROP SCHEMA backpop_self_test_left CASCADE"));
        assertThat(database.ask("SELECT md5(string_agg(c::text, '|' ORDER BY id)) FROM customer AS c")
                        .get(0))
                .isEqualTo(before);
        assertThat(database.ask("SELECT string_agg(nspname, ' ') FROM pg_namespace WHERE nspname LIKE"
                                + " 'backpop\\_self%'")
                        .get(0))
                .isEqualTo("backpop_self_test_left");
    }

    @Test
    void who_may_not_create_a_schema_is_told_what_is_missing() throws Exception {
        Database database = shop();
        String user = "reader_" + Servers.newPrefix().replaceAll("[^a-z0-9]", "");
        Map<String, String> variables = Map.of(
                Settings.REDIS_URL, Servers.redis().url(),
                Settings.REDIS_PREFIX, Servers.newPrefix(),
                Settings.TARGET_URL, database.url());
        Environment environment = new Environment(variables::get);
        Settings settings = Settings.of(Settings.Flags.NONE, environment);
        PlanReader plans = new PlanReader(environment);
        Plan plan = plans.read(PLAN, "shop.yaml", Path.of("/"));
        // The ledger is there already; creating it needs the right as well.
        try (Session owner = Session.open(settings, settings.target(), environment, Clock.systemUTC())) {
            assertThat(owner.ledger().list(true, 1)).isEmpty();
            database.run(
                    "CREATE ROLE " + user,
                    "GRANT USAGE ON SCHEMA old, backpop TO " + user,
                    "GRANT SELECT ON ALL TABLES IN SCHEMA old, public, backpop TO " + user,
                    "ALTER DATABASE " + database.name() + " SET role = " + user);
            try (Session limited = Session.openExisting(settings, environment, Clock.systemUTC())) {
                PlanSelfTest test = new PlanSelfTest(
                        limited, plans, plan, Path.of("/"), new DemoStage(), () -> {}, new QuietScreen());

                assertThatThrownBy(() -> test.run(plan.entity("customer").orElseThrow(), null))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("GRANT CREATE ON DATABASE");
            }
        }
    }
}
