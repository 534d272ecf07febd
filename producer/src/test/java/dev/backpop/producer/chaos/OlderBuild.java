package dev.backpop.producer.chaos;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The worker of the last commit that knew only the ledger's first version, made from the history of this repository. It is
 * made once, in {@code target/older-worker}, without a network.
 */
final class OlderBuild {
    /** The script that came with passes. */
    private static final String SECOND = "common/src/main/resources/dev/backpop/ledger/V2__passes.sql";

    private static final Path ROOT =
            Path.of(System.getProperty("backpop.root", "..")).toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private OlderBuild() {}

    /** Its jar. Skips what follows where there is no history or no way to build it. */
    static Path worker() throws IOException, InterruptedException {
        assumeTrue(
                Files.exists(ROOT.resolve(".git")),
                "skipped: " + ROOT + " is no git clone, so there is no older build");
        Said added = run(ROOT, List.of("git", "log", "-1", "--diff-filter=A", "--format=%H", "--", SECOND));
        Said commit = run(ROOT, List.of("git", "rev-parse", "--verify", "--quiet", added.text() + "^"));
        assumeTrue(
                added.well() && commit.well() && !added.text().isEmpty(),
                "skipped: the history of this clone does not reach back to before " + SECOND
                        + "; in a shallow clone, git fetch --unshallow brings it");
        Path folder = ROOT.resolve("target").resolve("older-worker").resolve(commit.text());
        Path jar = folder.resolve("worker/target/backpop-worker.jar");
        if (!Files.isRegularFile(jar)) {
            Files.createDirectories(folder);
            Path sources = folder.resolve("sources.tar");
            demand(run(ROOT, List.of("git", "archive", "--output=" + sources, commit.text())));
            demand(run(folder, List.of("tar", "-xf", sources.toString())));
            demand(run(folder, List.of("mvn", "-o", "-q", "-B", "package", "-DskipTests", "-pl", "worker", "-am")));
        }
        return jar;
    }

    private static void demand(Said said) {
        if (!said.well()) {
            abort("skipped: the older worker cannot be built here without a network: " + said.text());
        }
    }

    private static Said run(Path folder, List<String> command) throws IOException, InterruptedException {
        Path log = Files.createTempFile("backpop-older", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            String text = Files.readString(log).strip();
            return new Said(ended && process.exitValue() == 0, ended ? text : command + " took more than " + PATIENCE);
        } catch (IOException e) {
            return new Said(false, command.get(0) + " cannot be run: " + e.getMessage());
        } finally {
            Files.delete(log);
        }
    }

    private record Said(boolean well, String text) {}
}
