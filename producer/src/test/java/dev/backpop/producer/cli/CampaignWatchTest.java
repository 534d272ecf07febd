package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Counter;
import dev.backpop.producer.cli.ProgressLine.Form;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CampaignWatchTest {
    private final Scene scene = new Scene();
    private final StringWriter written = new StringWriter();
    private long nanos;

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void a_campaign_is_watched_to_its_end() throws Exception {
        scene.running("c", "customer", CampaignKind.BACKFILL, 2);
        scene.worker("w1", null);
        try (CampaignWatch watch = watch("c", Form.LINES)) {
            show("c");
            assertThat(watch.runOnce()).isTrue();
            scene.finish("c", 1, Map.of(Counter.ROWS_WRITTEN, 9L, Counter.ROWS_REJECTED, 1L));
            show("c");
            pass(2);
            assertThat(watch.runOnce()).isTrue();
            scene.finish("c", 2, Map.of(Counter.ROWS_WRITTEN, 10L));
            scene.end("c", CampaignState.COMPLETED, null);
            pass(2);
            assertThat(watch.runOnce()).isFalse();
            assertThat(watch.exitCode()).isEqualTo(1);
        }

        assertThat(written.toString().lines())
                .containsExactly(
                        "c  0.0%  0/20  0 rows/s  1 worker",
                        "c  50.0%  10/20  5.0 rows/s  eta 2s  1 reject  1 worker",
                        "c  100.0%  20/20  5.0 rows/s  1 reject  1 worker  completed",
                        "c is completed; 20 enumerated = 19 written + 0 unchanged + 0 guarded + 1 rejected + 0 absent"
                                + " + 0 excluded");
    }

    @Test
    void between_looks_at_the_ledger_redis_is_enough() throws Exception {
        scene.running("c", "customer", CampaignKind.BACKFILL, 1);
        show("c");
        try (CampaignWatch watch = watch("c", Form.JSON)) {
            watch.runOnce();
            scene.session.ledger().hold("c", "legacy is down");
            watch.runOnce();
            assertThat(written.toString()).doesNotContain("legacy is down");
            pass(2);
            watch.runOnce();
        }

        assertThat(written.toString().lines())
                .hasSize(2)
                .last()
                .asString()
                .contains("\"state\":\"held: legacy is down\"");
    }

    @Test
    void what_holds_a_worker_is_said_where_the_ledger_says_nothing() {
        scene.running("c", "customer", CampaignKind.BACKFILL, 1);
        scene.running("cc", "rental", CampaignKind.BACKFILL, 1);
        scene.worker("w1", "a: the legacy store is down; c: the target does not take writes");
        try (CampaignWatch watch = watch(null, Form.LINES)) {
            watch.runOnce();
        }

        assertThat(written.toString().lines())
                .containsExactlyInAnyOrder(
                        "c  0.0%  0/10  0 rows/s  1 worker  a worker is held: a: the legacy store is down;"
                                + " c: the target does not take writes",
                        "cc  0.0%  0/10  0 rows/s  1 worker");
    }

    @Test
    void all_active_campaigns_are_watched_until_the_last_has_ended() {
        scene.running("a", "customer", CampaignKind.BACKFILL, 1);
        try (CampaignWatch watch = watch(null, Form.LINES)) {
            assertThat(watch.runOnce()).isTrue();
            scene.running("b", "rental", CampaignKind.VERIFY, 0);
            scene.end("a", CampaignState.CANCELLED, "enough");
            pass(2);
            assertThat(watch.runOnce()).isTrue();
            scene.end("b", CampaignState.COMPLETED, null);
            pass(2);
            assertThat(watch.runOnce()).isFalse();
            assertThat(watch.exitCode()).isEqualTo(1);
        }

        assertThat(written.toString())
                .contains("a is cancelled: enough; 0 enumerated", "10 keys in chunks", "b is completed");
    }

    @Test
    void a_terminal_gets_a_line_a_campaign_redrawn_in_place() {
        scene.running("a", "customer", CampaignKind.BACKFILL, 1);
        scene.running("b", "rental", CampaignKind.BACKFILL, 1);
        scene.session.ledger().hold("b", "\u001b[31mred");
        try (CampaignWatch watch = watch(null, Form.REDRAWN)) {
            watch.runOnce();
            watch.runOnce();
        }

        String bar = "  [--------------------]";
        String drawn = "\r\u001b[Kb" + bar + "  0.0%  0/10  0 rows/s  0 workers  held: \\u001b[31mred\n" + "\r\u001b[Ka"
                + bar + "  0.0%  0/10  0 rows/s  0 workers\n\r\u001b[J";
        assertThat(written.toString().replace(System.lineSeparator(), "\n")).isEqualTo(drawn + "\u001b[2A" + drawn);
    }

    @Test
    void what_redis_has_lost_is_shown_by_the_ledger() throws Exception {
        scene.running("c", "customer", CampaignKind.BACKFILL, 2);
        scene.finish("c", 1, Map.of(Counter.ROWS_WRITTEN, 9L, Counter.ROWS_REJECTED, 1L));
        try (CampaignWatch watch = watch("c", Form.LINES)) {
            watch.runOnce();
        }

        assertThat(written.toString().strip()).isEqualTo("c  50.0%  10/20  0 rows/s  1 reject  0 workers");
    }

    @Test
    void the_command_shows_an_ended_campaign_and_leaves_with_its_outcome() throws Exception {
        assertThat(scene.run("watch").err()).contains("No campaign is active");
        scene.running("c", "customer", CampaignKind.BACKFILL, 1);
        scene.finish("c", 1, Map.of(Counter.ROWS_WRITTEN, 10L));
        scene.end("c", CampaignState.COMPLETED, null);

        CommandRun lines = scene.run("watch", "c");
        CommandRun json = scene.run("watch", "c", "--json");

        assertThat(lines.exitCode()).isZero();
        assertThat(lines.out()).contains("c  100.0%  10/10", "c is completed; 10 enumerated = 10 written");
        assertThat(json.out().lines()).hasSize(1);
        assertThat(json.out()).contains("\"label\":\"c\",\"done\":10,\"total\":10", "\"state\":\"completed\"");
    }

    private CampaignWatch watch(@Nullable String id, Form form) {
        return new CampaignWatch(scene.session, id, new PrintWriter(written), form, 200, () -> nanos);
    }

    private void show(String id) {
        scene.session.dispatch().rebuild(scene.session.office().require(id));
    }

    private void pass(long seconds) {
        nanos += Duration.ofSeconds(seconds).toNanos();
    }
}
