package dev.backpop.producer.cli;

import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import dev.backpop.settings.Environment;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the worker's jar and says how to run it. */
public final class WorkerJar {
    private static final String VARIABLE = "BACKPOP_WORKER_JAR";
    private static final String NAME = "backpop-worker.jar";

    private WorkerJar() {}

    /**
     * The jar that {@code BACKPOP_WORKER_JAR} names, or else the one beside the producer's own jar, or else the one that the
     * build leaves.
     *
     * @throws InvalidInputException when there is none, naming the places
     */
    public static Path find(Environment environment) {
        return find(environment, ownFolder());
    }

    /** The command line that runs a worker on this process's own Java. */
    public static List<String> command(Path jar, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-jar");
        command.add(jar.toString());
        command.addAll(arguments);
        return List.copyOf(command);
    }

    static Path find(Environment environment, @Nullable Path ownFolder) {
        String named = environment.apply(VARIABLE);
        if (named != null) {
            Path jar = Path.of(named);
            if (!Files.isRegularFile(jar)) {
                throw new InvalidInputException(
                        List.of(new Problem(VARIABLE, jar + " is not a file: it must name " + NAME)));
            }
            return jar;
        }
        List<Path> places = ownFolder == null
                ? List.of()
                : List.of(
                        ownFolder.resolve(NAME),
                        ownFolder.resolve("../../worker/target").resolve(NAME).normalize());
        return places.stream()
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new InvalidInputException("the worker's jar was not found"
                        + places.stream().map(Path::toString).collect(Collectors.joining(" nor ", " (not at ", ")"))
                        + ": build it with mvn package, or set " + VARIABLE + " to where it is"));
    }

    /** The folder of the jar, or of the class folder, that this class came from; null when it cannot be told. */
    private static @Nullable Path ownFolder() {
        CodeSource source = WorkerJar.class.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return null;
        }
        try {
            return Path.of(source.getLocation().toURI()).toAbsolutePath().getParent();
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
