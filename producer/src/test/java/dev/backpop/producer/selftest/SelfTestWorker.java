package dev.backpop.producer.selftest;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.backpop.producer.cli.WorkerJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A worker process for a test. */
final class SelfTestWorker implements AutoCloseable {
    private final Process process;

    private SelfTestWorker(Process process) {
        this.process = process;
    }

    /** Skips the test where the build has not come to the worker's jar. */
    static SelfTestWorker start(Map<String, String> variables) throws IOException {
        Path jar = Path.of(System.getProperty("backpop.root", ".."), "worker", "target", "backpop-worker.jar");
        assumeTrue(Files.isRegularFile(jar), "skipped: there is no " + jar + " yet, mvn verify makes it");
        ProcessBuilder builder = new ProcessBuilder(WorkerJar.command(
                        jar.toAbsolutePath(), List.of("--lanes", "2", "--health-port", "0", "--with-parent")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(variables);
        return new SelfTestWorker(builder.start());
    }

    void check() {
        if (!process.isAlive()) {
            throw new IllegalStateException("the worker ended");
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
