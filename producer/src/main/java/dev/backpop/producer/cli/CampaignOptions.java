package dev.backpop.producer.cli;

import dev.backpop.plan.Entity;
import dev.backpop.plan.Plan;
import dev.backpop.problem.InvalidInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code backfill} and {@code verify} have in common: a plan, and which of it. */
final class CampaignOptions {
    @Parameters(paramLabel = "PLAN", description = "The plan file.")
    private Path planFile;

    @Option(
            names = "--entity",
            paramLabel = "ENTITY",
            description = "Only this entity; may be given several times. All of the plan's by default, parents first.")
    private List<String> entityNames = new ArrayList<>();

    @Option(
            names = "--ids",
            paramLabel = "FILE",
            description =
                    "Only these keys: a file with one key a line, or - for standard input. Keys of several columns are"
                            + " JSON arrays.")
    private @Nullable String ids;

    @Option(names = "--from", paramLabel = "KEY", description = "Only keys from this one on.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "KEY", description = "Only keys up to this one, itself included.")
    private @Nullable String to;

    @Option(names = "--name", paramLabel = "ID", description = "The campaign's id; made up by default.")
    private @Nullable String name;

    @Option(
            names = "--detach",
            description =
                    "Drive the campaigns in a process of their own and return at once; follow with 'backpop watch'.")
    private boolean detach;

    @Option(
            names = "--local-workers",
            paramLabel = "N",
            description = "Also run N lanes on this machine for as long as this command runs: enough for small jobs.")
    private int localWorkers;

    Path planFile() {
        return planFile;
    }

    @Nullable
    String from() {
        return from;
    }

    @Nullable
    String to() {
        return to;
    }

    /** Whether keys were listed; see {@link #ids()}. */
    boolean listed() {
        return ids != null;
    }

    @Nullable
    String name() {
        return name;
    }

    /** Whether keys, bounds or a name are given. */
    boolean isPart() {
        return ids != null || from != null || to != null || name != null;
    }

    /** Whether something is given that makes no sense without a plan. */
    boolean isForPlan() {
        return !entityNames.isEmpty() || localWorkers != 0;
    }

    /** What the plan's relative paths start from. */
    Path directory() {
        Path parent = planFile.toAbsolutePath().getParent();
        return parent == null ? Path.of("/") : parent;
    }

    boolean detached() {
        return detach;
    }

    int localWorkers() {
        return localWorkers;
    }

    /**
     * The chosen entities, parents before children.
     *
     * @throws InvalidInputException when one is not in the plan, or options go together that cannot
     */
    List<Entity> entities(Plan plan) {
        for (String entity : entityNames) {
            if (plan.entity(entity).isEmpty()) {
                throw new InvalidInputException("plan " + plan.name() + " has no entity '" + entity + "'; it has "
                        + String.join(
                                ", ", plan.entities().stream().map(Entity::name).toList()));
            }
        }
        List<Entity> chosen = plan.entities().stream()
                .filter(entity -> entityNames.isEmpty() || entityNames.contains(entity.name()))
                .toList();
        boolean ofOne = ids != null || from != null || to != null || name != null;
        if (ofOne && chosen.size() != 1) {
            throw new InvalidInputException(
                    "--ids, --from, --to and --name are about one entity: say which with --entity (the plan has "
                            + String.join(
                                    ", ", chosen.stream().map(Entity::name).toList()) + ")");
        }
        if (ids != null && (from != null || to != null)) {
            throw new InvalidInputException("--ids names the keys one by one: leave out --from and --to");
        }
        if (detach && localWorkers > 0) {
            throw new InvalidInputException(
                    "--local-workers end with this command: leave out --detach, or start workers with 'backpop worker'");
        }
        if (localWorkers < 0 || localWorkers > 64) {
            throw new InvalidInputException("--local-workers: " + localWorkers + " is not within 0 to 64");
        }
        return chosen;
    }

    /** The listed keys as they stand there, one a line; null when none were listed. */
    @Nullable
    List<String> ids() {
        String source = ids;
        if (source == null) {
            return null;
        }
        try (BufferedReader reader = source.equals("-")
                ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                : Files.newBufferedReader(Path.of(source))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new InvalidInputException("--ids: " + source + " cannot be read: " + e.getMessage());
        }
    }
}
