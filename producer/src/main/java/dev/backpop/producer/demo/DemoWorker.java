package dev.backpop.producer.demo;

import dev.backpop.problem.StoreUnreachableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A worker process of the demo. It ends with this process, whose end of its standard input then closes. */
final class DemoWorker {
    private static final int LINES_SHOWN = 20;
    private static final long SECONDS_TO_END = 4;

    private final int number;
    private final Process process;
    private final Path log;
    private boolean killed;

    private DemoWorker(int number, Process process, Path log) {
        this.number = number;
        this.process = process;
        this.log = log;
    }

    /** @param number from 1, for people */
    static DemoWorker start(int number, List<String> command, DemoAddresses addresses, Path folder) {
        Path log = folder.resolve("worker-" + number + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(ProcessBuilder.Redirect.PIPE);
        addresses.putInto(builder.environment());
        try {
            return new DemoWorker(number, builder.start(), log);
        } catch (IOException e) {
            throw new StoreUnreachableException("could not start a worker with " + command.get(0), e);
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** True when it ended though nobody killed it. */
    boolean lost() {
        return !killed && !alive();
    }

    /** For people: {@code worker 2 (pid 4711)}. */
    String name() {
        return "worker " + number + " (pid " + process.pid() + ")";
    }

    /** True when a worker's name, or the name of one of its lanes, is that of this process. */
    boolean is(String worker) {
        return worker.contains("-" + process.pid() + "-");
    }

    /** Stops it in its tracks, to be looked at. */
    void freeze() {
        signal("STOP");
    }

    void unfreeze() {
        signal("CONT");
    }

    /** SIGKILL: it cannot do anything about it, or after it. */
    void kill() {
        killed = true;
        process.destroyForcibly();
    }

    /** Asks it to stop, and kills it when it does not. */
    void stop() {
        process.destroy();
        awaitEnd();
    }

    void awaitEnd() {
        try {
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(SECONDS_TO_END, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** The last lines that it wrote; empty when it wrote none. */
    List<String> lastWords() {
        try {
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size());
        } catch (IOException e) {
            return List.of("its log " + log + " cannot be read: " + e.getMessage());
        }
    }

    /** By the shell's own kill: small systems have no program of that name. */
    private void signal(String signal) {
        try {
            new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new IllegalStateException("could not send SIG" + signal + " to " + name(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
