package dev.backpop.producer.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program as if it were this one: same streams, same end, same exit code. */
final class ChildProcess {
    private ChildProcess() {}

    /**
     * Runs it to its end. When this process is told to stop, so is the child.
     *
     * @param grace how long a child that was told to stop may take; after it, it is killed
     * @return its exit code
     */
    static int run(List<String> command, Duration grace) throws InterruptedException {
        Process child = start(command);
        Thread stop = new Thread(() -> stop(child, grace), "stop-child");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            int exitCode = child.waitFor();
            removeHook(stop);
            return exitCode;
        } catch (InterruptedException e) {
            stop(child, grace);
            throw e;
        }
    }

    private static Process start(List<String> command) {
        try {
            return new ProcessBuilder(command).inheritIO().start();
        } catch (IOException e) {
            throw new UncheckedIOException("could not start " + command.get(0), e);
        }
    }

    private static void stop(Process child, Duration grace) {
        child.destroy();
        try {
            if (!child.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                child.destroyForcibly();
            }
        } catch (InterruptedException e) {
            child.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void removeHook(Thread stop) {
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException e) {
            // This process is stopping already, and the hook has found, or will find, that the child has ended.
            return;
        }
    }
}
