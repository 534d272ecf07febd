package dev.backpop.producer.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals that Java has no words for. */
final class Signals {
    private Signals() {}

    /** @param signal without its SIG: STOP, CONT, KILL */
    static void send(String signal, long pid) {
        try {
            // The shell's own, because not every system has a program of that name.
            int exitCode = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid)
                    .inheritIO()
                    .start()
                    .waitFor();
            assertThat(exitCode).as("kill -" + signal + " " + pid).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
