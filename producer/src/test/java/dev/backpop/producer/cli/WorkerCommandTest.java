package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.problem.InvalidInputException;
import dev.backpop.settings.Environment;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerCommandTest {
    private final Environment empty = new Environment(Map.<String, String>of()::get);

    @TempDir
    Path folder;

    @Test
    void arguments_reach_the_worker_and_its_exit_code_comes_back() throws IOException {
        Path seen = folder.resolve("seen");
        Path jar = jar(folder.resolve("a worker.jar"));

        CommandRun run = CommandRun.of(
                Map.of("BACKPOP_WORKER_JAR", jar.toString()), "worker", "--lanes", "3", seen.toString(), "--", "-h");

        assertThat(run.exitCode()).isEqualTo(7);
        assertThat(seen).hasContent("--lanes\n3\n" + seen + "\n-h");
    }

    @Test
    void verbose_is_passed_on_wherever_it_stands() throws IOException {
        Path seen = folder.resolve("seen");
        Path jar = jar(folder.resolve("worker.jar"));

        CommandRun.of(Map.of("BACKPOP_WORKER_JAR", jar.toString()), "-v", "worker", seen.toString());

        assertThat(seen).hasContent(seen + "\n-v");
    }

    @Test
    void a_named_jar_that_is_not_there_is_wrong_usage() {
        CommandRun run = CommandRun.of(Map.of("BACKPOP_WORKER_JAR", "/no/such.jar"), "worker");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("BACKPOP_WORKER_JAR", "/no/such.jar");
    }

    @Test
    void the_jar_beside_our_own_comes_before_the_one_of_the_build() throws IOException {
        Path own = Files.createDirectories(folder.resolve("producer/target"));
        Path built = Files.createDirectories(folder.resolve("worker/target")).resolve("backpop-worker.jar");
        Files.createFile(built);
        assertThat(WorkerJar.find(empty, own)).isEqualTo(built);

        Path beside = Files.createFile(own.resolve("backpop-worker.jar"));
        assertThat(WorkerJar.find(empty, own)).isEqualTo(beside);
    }

    @Test
    void no_jar_anywhere_names_the_places_and_the_way_out() {
        assertThatThrownBy(() -> WorkerJar.find(empty, folder))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(folder.resolve("backpop-worker.jar").toString())
                .hasMessageContaining("BACKPOP_WORKER_JAR");
    }

    /** A worker that writes its arguments, one a line, to the file that one of them names. */
    private static Path jar(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, StandInWorker.class.getName());
        String entry = StandInWorker.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                InputStream compiled = StandInWorker.class.getClassLoader().getResourceAsStream(entry)) {
            out.putNextEntry(new JarEntry(entry));
            java.util.Objects.requireNonNull(compiled).transferTo(out);
            out.closeEntry();
        }
        return jar;
    }

    /** Runs in a process of its own. */
    public static final class StandInWorker {
        private StandInWorker() {}

        public static void main(String[] arguments) throws IOException {
            for (String argument : arguments) {
                if (argument.startsWith("/")) {
                    Files.write(Path.of(argument), List.of(arguments));
                }
            }
            System.exit(7);
        }
    }
}
