package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.campaign.Reject;
import dev.backpop.ledger.DiscrepancyState;
import dev.backpop.ledger.DriverLock;
import dev.backpop.settings.Settings;
import dev.backpop.testing.Servers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class CampaignCommandsTest {
    private final Scene scene = new Scene();

    @AfterEach
    void close() {
        scene.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "watch", "pause", "cancel", "retry", "rejects", "discrepancies", "rebuild"})
    void an_unknown_campaign_is_wrong_usage_and_says_how_to_list_them(String command) {
        CommandRun run = scene.run(command, "nope");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("no campaign nope", "backpop campaigns");
    }

    @ParameterizedTest
    @ValueSource(strings = {"campaigns", "workers", "watch", "status x", "rejects x"})
    void a_database_without_a_ledger_gets_none(String command) {
        Map<String, String> elsewhere = new HashMap<>(scene.variables);
        elsewhere.put(Settings.TARGET_URL, Servers.newDatabase());

        for (int i = 0; i < 2; i++) {
            CommandRun run = CommandRun.of(elsewhere, command.split(" "));

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains("there is no ledger");
        }
    }

    @Test
    void a_redis_that_is_not_there_exits_3() {
        assertThat(scene.run("campaigns", "--redis-url", "redis://127.0.0.1:1").exitCode())
                .isEqualTo(3);
    }

    @Test
    void without_campaigns_nothing_is_listed_and_that_is_said() {
        assertThat(scene.run("campaigns").out()).isEmpty();
        assertThat(scene.run("campaigns").err()).contains("No campaign is active", "campaigns --all");
        assertThat(scene.run("campaigns", "--all").err()).contains("no campaign yet");
        assertThat(scene.run("campaigns", "--json")).isEqualTo(new CommandRun(0, "", ""));
    }

    @Test
    void active_campaigns_are_listed_newest_first_and_ended_ones_on_request() throws Exception {
        scene.running("old", "customer", CampaignKind.BACKFILL, 2);
        scene.finish("old", 1, Map.of(Counter.ROWS_WRITTEN, 9L, Counter.ROWS_REJECTED, 1L));
        scene.end("old", CampaignState.CANCELLED, null);
        scene.running("first", "customer", CampaignKind.BACKFILL, 3);
        scene.finish("first", 1, Map.of(Counter.ROWS_WRITTEN, 9L, Counter.ROWS_REJECTED, 1L));
        scene.running("second", "rental", CampaignKind.VERIFY, 0);
        scene.session.ledger().hold("second", "the \u001b[31mlegacy store 🐘 is down");

        CommandRun active = scene.run("campaigns");
        CommandRun all = scene.run("campaigns", "--all");

        assertThat(active.exitCode()).isZero();
        assertThat(active.out().lines().map(line -> line.replaceAll(" +", " ")))
                .satisfiesExactly(
                        header -> assertThat(header).startsWith("CAMPAIGN PLAN ENTITY KIND STATE CHUNKS ROWS REJECTS"),
                        line -> assertThat(line)
                                .startsWith("second shop rental verify running, held: the \\u001b[31mlegacy store 🐘 is"
                                        + " down 0/0 0 - 0 "),
                        line -> assertThat(line).startsWith("first shop customer backfill running 1/3 10 1 - "));
        assertThat(active.err()).contains("campaigns --all");
        assertThat(all.out()).contains("old", "cancelled");
        assertThat(scene.run("campaigns", "--all", "--limit", "1").out())
                .contains("second")
                .doesNotContain("first");
        assertThat(scene.run("campaigns", "--limit", "0").exitCode()).isEqualTo(2);
        List<JsonNode> documents = scene.json("campaigns", "--json", "--all");
        assertThat(documents.stream().map(document -> document.get("id").asString()))
                .containsExactly("second", "first", "old");
        assertThat(documents.get(0).get("hold_reason").asString()).contains("\u001b[31m", "🐘");
        assertThat(documents.get(1).get("rejects").asLong()).isEqualTo(1);
        assertThat(documents.get(1).get("clean").asBoolean()).isFalse();
    }

    @Test
    void the_status_of_a_campaign_that_nobody_runs_says_so_and_what_to_do() {
        scene.running("c", "customer", CampaignKind.BACKFILL, 3);

        CommandRun run = scene.run("status", "c");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("backfill of customer, plan shop", "running", "by ann@host")
                .contains("30 enumerated, 0 in chunks that are done")
                .contains("3 planned, 0 done, 0 failed", "0 enumerated = 0 written +", "0 alive")
                .contains("no producer is driving it; go on with: backpop resume c", "backpop worker");
    }

    @Test
    void a_driver_and_a_worker_leave_nothing_to_do() {
        scene.running("c", "customer", CampaignKind.BACKFILL, 1);
        scene.worker("w1", null, "c#1");
        try (DriverLock lock = scene.session.ledger().tryDrive("c").orElseThrow()) {
            assertThat(lock.held()).isTrue();
            assertThat(scene.run("status", "c").out())
                    .contains("a producer is driving it", "1 alive", "backpop watch c")
                    .doesNotContain("resume");
            assertThat(scene.json("status", "c", "--json").get(0).get("driven").asBoolean())
                    .isTrue();
        }
        assertThat(scene.run("status", "c").out()).contains("backpop resume c");
    }

    @Test
    void rejects_and_failed_chunks_are_grouped_counted_and_exit_1() throws Exception {
        scene.running("c", "customer", CampaignKind.BACKFILL, 4);
        scene.finish("c", 1, Map.of(Counter.ROWS_WRITTEN, 8L, Counter.ROWS_REJECTED, 2L));
        scene.reject("c", reject("[1]", "bad \u001b]0;title\u0007 name"), reject("[2]", "bad name"));
        for (int chunk = 2; chunk <= 3; chunk++) {
            scene.session.ledger().failChunk("c", chunk, "legacy said 500");
        }
        scene.session.ledger().failChunk("c", 4, "time out");
        scene.end("c", CampaignState.FAILED, "3 of 4 chunks failed");

        CommandRun run = scene.run("status", "c");
        JsonNode document = scene.json("status", "c", "--json").get(0);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .contains("failed", "3 of 4 chunks failed")
                .contains("2 chunks (the first: no. 2): legacy said 500", "1 chunk (no. 4): time out")
                .contains("10 enumerated = 8 written + 0 unchanged + 0 guarded + 2 rejected")
                .contains("23505", "name_key", "bad \\u001b]0;title\\u0007 name")
                .contains("backpop retry c", "backpop rejects c")
                .doesNotContain("\u001b", "\u0007", "a producer is driving", "resume");
        assertThat(document.get("rows").get("rejected").asLong()).isEqualTo(2);
        assertThat(document.get("chunks").get("failed").asLong()).isEqualTo(3);
        assertThat(document.get("chunk_errors").get(0).get("chunks").asLong()).isEqualTo(2);
        assertThat(document.get("rejects").get(0).get("count").asLong()).isEqualTo(2);
        assertThat(document.get("next")).isNotEmpty();
        assertThat(document.get("clean").asBoolean()).isFalse();
    }

    @Test
    void a_clean_end_exits_0_and_a_sum_that_does_not_add_up_exits_1() throws Exception {
        scene.running("clean", "customer", CampaignKind.BACKFILL, 1);
        scene.finish("clean", 1, Map.of(Counter.ROWS_WRITTEN, 10L));
        scene.end("clean", CampaignState.COMPLETED, null);
        scene.running("lost", "rental", CampaignKind.BACKFILL, 1);
        scene.finish("lost", 1, Map.of(Counter.ROWS_READ, 3L, Counter.ROWS_WRITTEN, 7L));

        CommandRun clean = scene.run("status", "clean");
        CommandRun lost = scene.run("status", "lost");

        assertThat(clean.exitCode()).isZero();
        assertThat(clean.out()).contains("completed", "backpop verify PLAN --entity customer");
        assertThat(lost.exitCode()).isEqualTo(1);
        assertThat(lost.out()).contains("3 keys are not accounted for");
    }

    @Test
    void what_a_verification_could_not_compare_is_not_proven() throws Exception {
        scene.running("v", "customer", CampaignKind.VERIFY, 1);
        scene.finish("v", 1, Map.of(Counter.ROWS_MATCHED, 9L, Counter.ROWS_UNVERIFIABLE, 1L));
        assertThat(scene.run("status", "v").exitCode()).isZero();

        scene.end("v", CampaignState.COMPLETED, null);

        assertThat(scene.run("status", "v").exitCode()).isEqualTo(1);
    }

    @Test
    void resolved_discrepancies_count_no_more() throws Exception {
        scene.running("v", "customer", CampaignKind.VERIFY, 1);
        scene.finish("v", 1, Map.of(Counter.ROWS_MATCHED, 9L, Counter.ROWS_MISSING, 1L));
        Discrepancy missing = new Discrepancy("[1]", Discrepancy.Kind.MISSING, List.of(), null);
        scene.differ("v", DiscrepancyState.CONFIRMED, missing);
        scene.end("v", CampaignState.COMPLETED, null);
        assertThat(scene.run("status", "v").exitCode()).isEqualTo(1);
        assertThat(scene.run("status", "v").out()).contains("backpop discrepancies v", "missing");

        scene.differ("v", DiscrepancyState.RESOLVED, missing);

        assertThat(scene.run("status", "v").exitCode()).isZero();
    }

    @Test
    void pause_and_cancel_take_several_and_say_what_stays() throws Exception {
        scene.running("a", "customer", CampaignKind.BACKFILL, 3);
        scene.finish("a", 1, Map.of(Counter.ROWS_WRITTEN, 10L));
        scene.running("b", "rental", CampaignKind.BACKFILL, 1);

        CommandRun paused = scene.run("pause", "a", "b", "a");

        assertThat(paused.exitCode()).isZero();
        assertThat(paused.out().lines()).hasSize(2);
        assertThat(paused.out()).contains("backpop resume a", "backpop resume b");
        assertThat(state("a")).isEqualTo(CampaignState.PAUSED);
        assertThat(scene.session.dispatch().view().fields("b")).containsEntry("state", "paused");
        assertThat(scene.run("status", "a").out()).contains("backpop resume a");

        CommandRun cancelled = scene.run("cancel", "a");

        assertThat(cancelled.exitCode()).isZero();
        assertThat(cancelled.out()).contains("10 rows already written stay", "2 planned chunks", "cannot be resumed");
        assertThat(scene.session.dispatch().view().active()).containsExactly("b");
        assertThat(scene.run("status", "a").exitCode()).isEqualTo(1);
    }

    @Test
    void one_that_refuses_does_not_keep_the_others_but_an_unknown_one_does() {
        scene.running("a", "customer", CampaignKind.BACKFILL, 1);
        scene.end("a", CampaignState.CANCELLED, null);
        scene.running("b", "rental", CampaignKind.BACKFILL, 1);

        assertThat(scene.run("pause", "b", "typo").exitCode()).isEqualTo(2);
        assertThat(state("b")).isEqualTo(CampaignState.RUNNING);

        CommandRun run = scene.run("pause", "a", "b");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("campaign a is cancelled");
        assertThat(run.out()).contains("b is paused");
        assertThat(state("b")).isEqualTo(CampaignState.PAUSED);
    }

    @Test
    void a_retry_plans_failed_chunks_again_and_says_what_drives_them() throws Exception {
        scene.running("c", "customer", CampaignKind.BACKFILL, 3);
        scene.finish("c", 1, Map.of(Counter.ROWS_WRITTEN, 10L));
        scene.session.ledger().failChunk("c", 2, "x");
        scene.session.ledger().failChunk("c", 3, "x");
        scene.end("c", CampaignState.FAILED, "x");

        CommandRun run = scene.run("retry", "c");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("2 chunks will be run again", "backpop resume c");
        assertThat(state("c")).isEqualTo(CampaignState.RUNNING);
        assertThat(scene.session.dispatch().queue().chunks("c")).containsExactly(2, 3);
        assertThat(scene.run("retry", "c").out()).contains("nothing to retry");
    }

    @Test
    void a_retry_that_is_refused_changes_nothing() {
        scene.running("c", "customer", CampaignKind.BACKFILL, 1);
        scene.session.ledger().failChunk("c", 1, "x");
        scene.end("c", CampaignState.FAILED, "x");
        scene.running("d", "customer", CampaignKind.BACKFILL, 1);

        CommandRun run = scene.run("retry", "c");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("d").doesNotContain("bug in Backpop");
        assertThat(scene.session.ledger().chunkNumbers("c", ChunkState.FAILED)).containsExactly(1);
        scene.end("d", CampaignState.CANCELLED, null);
        assertThat(scene.run("retry", "c").exitCode()).isZero();
        assertThat(scene.run("retry", "d").exitCode()).isEqualTo(2);
    }

    @Test
    void a_rebuild_brings_back_what_redis_lost_and_says_what_that_was() throws Exception {
        Campaign campaign = scene.running("c", "customer", CampaignKind.BACKFILL, 3);
        scene.finish("c", 1, Map.of(Counter.ROWS_WRITTEN, 10L));
        scene.session.dispatch().rebuild(campaign);

        assertThat(scene.run("rebuild", "c").out()).contains("No task was missing", "backpop resume c");

        scene.session.dispatch().queue().remove("c");
        CommandRun run = scene.run("rebuild", "c");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Redis knew nothing of it", "2 missing tasks were queued again");
        assertThat(scene.session.dispatch().queue().chunks("c")).containsExactly(2, 3);
        assertThat(scene.session.dispatch().progress().read("c")).containsEntry("rows.written", 10L);
    }

    @Test
    void a_rebuild_of_an_ended_campaign_does_not_make_it_active() {
        scene.running("c", "customer", CampaignKind.BACKFILL, 1);
        scene.end("c", CampaignState.CANCELLED, null);

        assertThat(scene.run("rebuild", "c").out()).contains("cancelled", "needs no tasks");
        assertThat(scene.session.dispatch().view().active()).isEmpty();
    }

    @Test
    void workers_are_listed_with_what_they_do_and_none_says_how_to_start_one() {
        CommandRun none = scene.run("workers");
        assertThat(none.exitCode()).isZero();
        assertThat(none.out()).isEmpty();
        assertThat(none.err()).contains("No worker is alive", "backpop worker");
        assertThat(scene.run("workers", "--json")).isEqualTo(new CommandRun(0, "", ""));

        scene.worker("w2", "target refuses: \u001b[2J", "c#1", "c#2", "c#3", "c#4");
        scene.worker("w1", null);

        assertThat(scene.run("workers").out().lines().map(line -> line.replaceAll(" +", " ")))
                .satisfiesExactly(
                        header -> assertThat(header).startsWith("WORKER HOST PID VERSION STATE LANES"),
                        line -> assertThat(line)
                                .startsWith("w1 host1 4711 1.0 running 4 - ")
                                .endsWith(" -"),
                        line -> assertThat(line)
                                .startsWith("w2 host1 4711 1.0 running 4 c#1 c#2 c#3 and 1 more ")
                                .endsWith("target refuses: \\u001b[2J"));
        JsonNode second = scene.json("workers", "--json").get(1);
        assertThat(second.get("current")).hasSize(4);
        assertThat(second.get("started_at").asString()).isEqualTo("1970-01-01T00:00:00Z");
    }

    private CampaignState state(String id) {
        return scene.session.office().require(id).state();
    }

    private static Reject reject(String key, String message) {
        return new Reject(key, Reject.Stage.WRITE, "23505", "name_key", null, message, "{\"id\": 1}");
    }
}
