package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignSettings;
import dev.backpop.campaign.CampaignState;
import dev.backpop.producer.driver.Session;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class SetCommandTest {
    private final Scene scene = new Scene();

    @BeforeEach
    void run_a_campaign() {
        scene.running("c", "customer", CampaignKind.BACKFILL, 2);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private Map<String, String> settings() {
        return scene.session.ledger().find("c").orElseThrow().settings().texts();
    }

    @Test
    void what_is_set_is_kept_shown_and_said() {
        CommandRun run =
                scene.run("set", "c", "lanes=4", "replica_lag=30s", "lock_waits=null", "query=SELECT a = b FROM c");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "c: lanes is 4 now; it was unlimited, and is unlimited by default",
                        "c: replica_lag is 30s now; it was 5s, and is 5s by default",
                        "c: lock_waits is off now; it was 10, and is 10 by default",
                        "c: query is SELECT a = b FROM c now; it was off, and is off by default");
        assertThat(settings())
                .isEqualTo(Map.of(
                        "lanes", "4", "replica_lag", "30s", "lock_waits", "null", "query", "SELECT a = b FROM c"));
        assertThat(CampaignSettings.ofJson(
                                scene.session.dispatch().view().fields("c").get("settings"))
                        .texts())
                .isEqualTo(settings());
        assertThat(scene.run("status", "c").out())
                .contains(
                        "lanes=4 (unlimited by default), replica_lag=30s (5s by default), lock_waits=null (10 by default)");
        JsonNode status = scene.json("status", "c", "--json").get(0);
        assertThat(status.get("settings").get("replica_lag").asString()).isEqualTo("30s");
        assertThat(status.get("settings").get("chunk_time").asString()).isEqualTo("1s");

        assertThat(scene.run("set", "c", "lanes=null", "replica_lag=default", "lock_waits=default", "query=default")
                        .exitCode())
                .isZero();
        assertThat(settings()).isEmpty();
        assertThat(scene.session.dispatch().view().fields("c")).doesNotContainKey("settings");
        assertThat(scene.run("status", "c").out()).doesNotContain("settings");
    }

    @Test
    void without_a_change_it_lists_what_there_is() {
        scene.run("set", "c", "rate=500");

        CommandRun list = scene.run("set", "c");
        List<JsonNode> documents = scene.json("set", "c", "--json");

        assertThat(list.exitCode()).isZero();
        assertThat(list.out().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .containsExactly(
                        "SETTING VALUE WITHOUT SET",
                        "lanes null null",
                        "rate 500 null",
                        "chunk_time 1s 1s",
                        "replica_lag 5s 5s",
                        "wraparound_autovacuum true true",
                        "unarchived_wal 42 42",
                        "active_backends 0.8 0.8",
                        "lock_waits 10 10",
                        "query null null");
        assertThat(documents).hasSize(9);
        assertThat(documents.get(1).toString())
                .isEqualTo("{\"name\":\"rate\",\"value\":\"500\",\"planned\":\"null\",\"changed\":true}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lane=4 | did you mean 'lanes'",
                "speed=4 | There are: lanes, rate, chunk_time, replica_lag",
                "lanes | \"lanes\" is no NAME=VALUE; names are: lanes, rate",
                "=4 | is no NAME=VALUE",
                "chunk_time=500 | such as 500ms",
                "replica_lag=5 parsecs | such as 5s"
            })
    void a_wrong_name_or_value_changes_nothing_and_says_what_there_is(String change, String hint) {
        CommandRun run = scene.run("set", "c", "rate=7", change);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(hint);
        assertThat(settings()).isEmpty();
    }

    @Test
    void every_wrong_change_is_told_at_once() {
        CommandRun run = scene.run("set", "c", "lanes=0", "rate=x");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("lanes=0: expected", "rate=x: expected");
    }

    @Test
    void nothing_is_set_of_what_has_ended_or_is_not_there_and_a_paused_one_keeps_it() {
        scene.end("c", CampaignState.PAUSED, null);
        assertThat(scene.run("set", "c", "lanes=1").exitCode()).isZero();
        scene.end("c", CampaignState.RUNNING, null);
        assertThat(settings()).containsEntry("lanes", "1");

        scene.end("c", CampaignState.CANCELLED, null);
        CommandRun ended = scene.run("set", "c", "lanes=2");
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err()).contains("campaign c is cancelled", "backpop campaigns");
        assertThat(scene.run("set", "nope", "lanes=2").exitCode()).isEqualTo(2);
        assertThat(scene.session.dispatch().view().active()).isEmpty();
    }

    @Test
    void the_status_says_what_the_target_lets_nobody_know() {
        Session session = scene.session;
        JsonNode health = scene.json("status", "c", "--json").get(0).get("health");

        assertThat(health).isNotEmpty().allSatisfy(reading -> {
            assertThat(reading.get("over").asBoolean()).isFalse();
            assertThat(reading.get("unknown").isNull()).isTrue();
        });
        session.office().set("c", Map.of("query", "SELECT nonsense"));

        assertThat(scene.run("status", "c").out()).contains("query is not known: the target says", "nonsense");
    }
}
