package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.testing.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardsCommandTest {
    private static final String TRIGGERS = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal";

    @TempDir
    private Path folder;

    private Database target;

    @BeforeEach
    void open() throws SQLException, IOException {
        target = Database.with(
                "CREATE TABLE one (id bigint PRIMARY KEY)",
                "CREATE TABLE two (id bigint PRIMARY KEY)",
                "CREATE TABLE three (id bigint PRIMARY KEY)");
        Files.writeString(folder.resolve("shop.yaml"), """
                plan: shop
                legacy: { jdbc: { url: "postgresql://127.0.0.1:1/never" } }
                target: { url: "${TARGET_URL}" }
                entities:
                  one: { from: { table: a, key: id }, into: { table: one, key: id }, columns: { } }
                  two: { from: { table: a, key: id }, into: { table: two, key: id }, columns: { }, guard: fence }
                  three: { from: { table: a, key: id }, into: { table: three, key: id }, columns: { }, guard: overwrite }
                """);
    }

    private CommandRun guards(String... arguments) {
        List<String> all =
                new ArrayList<>(List.of("guards", folder.resolve("shop.yaml").toString()));
        all.addAll(List.of(arguments));
        return CommandRun.of(Map.of("TARGET_URL", target.url()), all.toArray(String[]::new));
    }

    @Test
    void triggers_are_installed_shown_and_removed() throws Exception {
        CommandRun run = guards("install");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(target.ask(TRIGGERS)).containsExactly("8");
        assertThat(guards("install").err()).contains("one: everything was installed already");

        target.run("INSERT INTO one VALUES (1), (2)", "DELETE FROM one WHERE id = 1");
        assertThat(guards("status").out().lines())
                .anyMatch(line -> line.matches("one +one +fence +installed +1 +1 +.*"))
                .anyMatch(line -> line.matches("three +three +overwrite +absent +0 +0.*"));
        assertThat(guards("status", "--entity", "one", "--json").out())
                .contains("\"triggers\":\"installed\"", "\"touched\":1,\"deleted\":1", "\"truncated_at\":null");

        assertThat(guards("remove", "--entity", "two").exitCode()).isZero();
        assertThat(target.ask(TRIGGERS)).containsExactly("4");
        assertThat(guards("remove").err()).contains("two: nothing was installed");
        assertThat(target.ask(TRIGGERS)).containsExactly("0");
    }

    @Test
    void the_sql_of_a_dry_run_is_what_would_be_run_and_changes_nothing() throws Exception {
        CommandRun install = guards("install", "--dry-run");
        assertThat(install.out()).contains("CREATE TABLE backpop.live_touch_one_", "AFTER TRUNCATE");
        assertThat(target.ask(TRIGGERS)).containsExactly("0");

        target.run("CREATE SCHEMA IF NOT EXISTS backpop");
        target.run(guards("install", "--dry-run").out());

        assertThat(guards("install", "--dry-run").out()).isEmpty();
        assertThat(guards("status").out()).contains("installed");
        target.run(guards("remove", "--dry-run").out());
        assertThat(target.ask(TRIGGERS)).containsExactly("0");
    }

    @Test
    void wrong_usage_says_what_is_wrong() throws Exception {
        assertThat(guards("install", "--entity", "three").err()).contains("three has guard 'overwrite'");
        assertThat(guards("install", "--entity", "four").exitCode()).isEqualTo(2);
        assertThat(guards("instal").exitCode()).isEqualTo(2);
        target.run("DROP TABLE two");
        assertThat(guards("install").err()).contains("entities.two.into.table");
    }
}
