package dev.backpop.worker.metrics;

import static java.util.Objects.requireNonNull;

import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.plan.HoldThreshold;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * What a worker counts and measures, as Prometheus reads it. Thread-safe. The names are watched by dashboards and alerts:
 *
 * <ul>
 *   <li>{@code backpop_rows_total{outcome}}: rows by {@link Counter#word()}; every outcome is there from the start
 *   <li>{@code backpop_chunks_total{result}}: leases by {@link ChunkResult#word()}
 *   <li>{@code backpop_chunk_seconds}: how long chunks ran, whatever their result
 *   <li>{@code backpop_lanes}, {@code backpop_lanes_busy}, {@code backpop_lanes_allowed}: those that the most restricted
 *       campaign may use for the target's sake
 *   <li>{@code backpop_holds_total{reason}}: holds begun for the target's sake, by {@link HoldThreshold#word()}
 *   <li>{@code backpop_last_successful_poll_age_seconds}: a worker that is up but does not reach Redis shows here
 *   <li>{@code jvm_memory_*}, {@code jvm_gc_*}
 * </ul>
 */
public final class WorkerMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<Counter, io.micrometer.core.instrument.Counter> rows = new EnumMap<>(Counter.class);
    private final Map<ChunkResult, io.micrometer.core.instrument.Counter> chunks = new EnumMap<>(ChunkResult.class);
    private final Map<HoldThreshold, io.micrometer.core.instrument.Counter> holds = new EnumMap<>(HoldThreshold.class);
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
    private final Timer chunkTime;

    public WorkerMetrics() {
        for (Counter counter : Counter.values()) {
            rows.put(
                    counter,
                    io.micrometer.core.instrument.Counter.builder("backpop.rows")
                            .description("Rows by outcome")
                            .tag("outcome", counter.word())
                            .register(registry));
        }
        for (ChunkResult result : ChunkResult.values()) {
            chunks.put(
                    result,
                    io.micrometer.core.instrument.Counter.builder("backpop.chunks")
                            .description("Leases of chunks by how they ended")
                            .tag("result", result.word())
                            .register(registry));
        }
        for (HoldThreshold threshold : HoldThreshold.values()) {
            holds.put(
                    threshold,
                    io.micrometer.core.instrument.Counter.builder("backpop.holds")
                            .description("Holds begun for the target's sake by what was exceeded")
                            .tag("reason", threshold.word())
                            .register(registry));
        }
        chunkTime = Timer.builder("backpop.chunk")
                .description("How long chunks ran")
                .serviceLevelObjectives(
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(250),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofMillis(2_500),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(60))
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        garbageCollection.bindTo(registry);
    }

    /** Counts what a chunk's run accounted for; call it once the result is committed. */
    public void rows(Counters counters) {
        // A replay takes from one count what it gives to another; a counter of this kind knows no less.
        counters.asMap()
                .forEach(
                        (counter, amount) -> requireNonNull(rows.get(counter)).increment((double) Math.max(0, amount)));
    }

    /** Counts the end of one lease and how long it took. */
    public void chunk(ChunkResult result, Duration took) {
        requireNonNull(chunks.get(result)).increment();
        chunkTime.record(took);
    }

    /** Counts a hold that began, or went on, for one more threshold. */
    public void hold(HoldThreshold threshold) {
        requireNonNull(holds.get(threshold)).increment();
    }

    /**
     * Publishes the lanes. Call it once.
     *
     * @param all how many there are
     * @param allowed how many of them the campaign may use that may use fewest
     * @param busy how many run a chunk right now
     * @param lastPollAgeSeconds how long ago Redis last answered a poll
     */
    public void watch(
            DoubleSupplier all, DoubleSupplier allowed, DoubleSupplier busy, DoubleSupplier lastPollAgeSeconds) {
        gauge("backpop.lanes", "Lanes of this worker", all);
        gauge("backpop.lanes.allowed", "Lanes that the most restricted campaign may use", allowed);
        gauge("backpop.lanes.busy", "Lanes that run a chunk right now", busy);
        gauge(
                "backpop.last.successful.poll.age.seconds",
                "Seconds since Redis last answered a poll of this worker",
                lastPollAgeSeconds);
    }

    /** Everything in Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        garbageCollection.close();
        registry.close();
    }

    private void gauge(String name, String description, DoubleSupplier value) {
        Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .description(description)
                .strongReference(true)
                .register(registry);
    }
}
