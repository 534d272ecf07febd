package dev.backpop.worker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.plan.HoldThreshold;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerMetricsTest {
    private final WorkerMetrics metrics = new WorkerMetrics();

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void every_outcome_and_result_is_there_before_anything_happened() {
        String scrape = metrics.scrape();

        for (Counter counter : Counter.values()) {
            assertThat(scrape).contains("backpop_rows_total{outcome=\"" + counter.word() + "\"} 0.0");
        }
        for (ChunkResult result : ChunkResult.values()) {
            assertThat(scrape).contains("backpop_chunks_total{result=\"" + result.word() + "\"} 0.0");
        }
        for (HoldThreshold threshold : HoldThreshold.values()) {
            assertThat(scrape).contains("backpop_holds_total{reason=\"" + threshold.word() + "\"} 0.0");
        }
        assertThat(scrape).contains("jvm_memory_used_bytes", "jvm_gc_");
    }

    @Test
    void rows_and_chunks_add_up() {
        metrics.rows(Counters.NONE.plus(Counter.ROWS_WRITTEN, 40).plus(Counter.ROWS_REJECTED, 2));
        metrics.rows(Counters.NONE.plus(Counter.ROWS_WRITTEN, 2));
        metrics.chunk(ChunkResult.DONE, Duration.ofMillis(200));
        metrics.chunk(ChunkResult.LOST, Duration.ofSeconds(2));

        assertThat(metrics.scrape())
                .contains("backpop_rows_total{outcome=\"written\"} 42.0")
                .contains("backpop_rows_total{outcome=\"rejected\"} 2.0")
                .contains("backpop_chunks_total{result=\"done\"} 1.0")
                .contains("backpop_chunks_total{result=\"lost\"} 1.0")
                .contains("backpop_chunk_seconds_bucket{le=\"0.25\"} 1")
                .contains("backpop_chunk_seconds_count 2")
                .contains("backpop_chunk_seconds_sum 2.2");
    }

    @Test
    void gauges_are_read_at_every_scrape() {
        double[] busy = {1};
        metrics.watch(() -> 2, () -> 1, () -> busy[0], () -> 0.5);

        assertThat(metrics.scrape())
                .contains(
                        "backpop_lanes 2.0",
                        "backpop_lanes_allowed 1.0",
                        "backpop_lanes_busy 1.0",
                        "backpop_last_successful_poll_age_seconds 0.5");
        busy[0] = 2;
        assertThat(metrics.scrape()).contains("backpop_lanes_busy 2.0");
    }
}
