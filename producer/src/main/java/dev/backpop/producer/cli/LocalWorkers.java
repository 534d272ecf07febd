package dev.backpop.producer.cli;

import dev.backpop.plan.TargetSource;
import dev.backpop.settings.Environment;
import dev.backpop.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A worker process that lives as long as the command which started it, for jobs that are not worth a fleet. */
final class LocalWorkers implements AutoCloseable {
    private static final long GRACE_SECONDS = 30;

    private final @Nullable Process worker;
    private final int lanes;

    private LocalWorkers(@Nullable Process worker, int lanes) {
        this.worker = worker;
        this.lanes = lanes;
    }

    /**
     * Starts one worker with that many lanes; none for zero.
     *
     * <p>It reads a pipe from this process and stops when that ends, however this process ends.
     */
    static LocalWorkers start(
            int lanes, Settings settings, TargetSource target, Environment environment, Output output) {
        if (lanes == 0) {
            return new LocalWorkers(null, 0);
        }
        ProcessBuilder builder = new ProcessBuilder(WorkerJar.command(
                WorkerJar.find(environment),
                List.of("--lanes", Integer.toString(lanes), "--health-port", "0", "--with-parent")));
        ChildEnvironment.fill(builder.environment(), settings, target);
        builder.environment().putIfAbsent("BACKPOP_LOG_LEVEL", "WARN");
        builder.redirectOutput(ProcessBuilder.Redirect.INHERIT).redirectError(ProcessBuilder.Redirect.INHERIT);
        try {
            Process worker = builder.start();
            output.note(
                    "started a worker with " + lanes + (lanes == 1 ? " lane" : " lanes") + ", process " + worker.pid());
            return new LocalWorkers(worker, lanes);
        } catch (IOException e) {
            throw new UncheckedIOException("could not start a worker", e);
        }
    }

    /** How many lanes run. */
    int count() {
        return lanes;
    }

    /** False when a worker was started and has ended. */
    boolean alive() {
        return worker == null || worker.isAlive();
    }

    @Override
    public void close() {
        Process started = worker;
        if (started == null) {
            return;
        }
        started.destroy();
        try {
            if (!started.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                started.destroyForcibly();
            }
        } catch (InterruptedException e) {
            started.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
