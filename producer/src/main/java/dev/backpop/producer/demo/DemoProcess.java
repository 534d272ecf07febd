package dev.backpop.producer.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process that the demo started, as another process can find it again: numbers are given anew, but not with the same
 * start.
 *
 * @param startedAtMillis since the epoch; 0 where the system does not say
 */
record DemoProcess(long pid, long startedAtMillis) {
    /** Two looks at one process may differ by the corrections of the system's clock in between. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    private static final long SECONDS_TO_END = 5;

    static DemoProcess of(ProcessHandle process) {
        return new DemoProcess(process.pid(), startOf(process));
    }

    /** @throws IllegalArgumentException for a line that {@link #line} has not written */
    static DemoProcess parse(String line) {
        String[] parts = line.split(" ", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("no process: " + line);
        }
        return new DemoProcess(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }

    String line() {
        return pid + " " + startedAtMillis;
    }

    boolean alive() {
        return find().isPresent();
    }

    /** Ends it if it is still there: politely first, since a database cleans up after itself. */
    void end() {
        find().ifPresent(DemoProcess::end);
    }

    static void end(ProcessHandle process) {
        process.destroy();
        try {
            process.onExit().get(SECONDS_TO_END, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private Optional<ProcessHandle> find() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> Math.abs(startOf(process) - startedAtMillis) <= TOLERANCE.toMillis());
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
