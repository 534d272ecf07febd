package dev.backpop.producer.cli;

import dev.backpop.command.ExitCode;
import dev.backpop.command.SettingsOptions;
import dev.backpop.plan.Entity;
import dev.backpop.plan.Plan;
import dev.backpop.plan.PlanReader;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.producer.driver.SequenceAdvance;
import dev.backpop.producer.driver.SequenceAdvance.State;
import dev.backpop.producer.driver.Session;
import dev.backpop.settings.Settings;
import dev.backpop.stores.PlanStores;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code backpop sequences}. */
@Command(
        name = "sequences",
        description = {
            "Shows which sequences of the target's tables are not beyond the keys that were moved, and changes nothing;"
                    + " --apply advances them, and never takes one back.",
            "Exit code 1 when one is behind, or cannot go as far as it must."
        })
final class SequencesCommand implements Callable<Integer> {
    private static final List<String> HEADERS =
            List.of("entity", "column", "sequence", "furthest", "next", "margin", "state");

    private final Surroundings surroundings;

    @Parameters(index = "0", paramLabel = "PLAN", description = "The plan file.")
    private Path planFile;

    @Option(
            names = "--margin",
            paramLabel = "N",
            description = "How far beyond the greatest key a sequence must be. 10,000 by default, or the plan's"
                    + " verify.sequence_margin where that is more.")
    private @Nullable Long margin;

    @Option(names = "--apply", description = "Advance the sequences that are behind.")
    private boolean apply;

    @Mixin
    private final JsonOption json = new JsonOption();

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Spec
    private CommandSpec spec;

    SequencesCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    CommandLine commandLine() {
        return new CommandLine(this);
    }

    private record Line(
            String entity,
            String table,
            String column,
            String sequence,
            @Nullable BigInteger furthest,
            BigInteger next,
            long margin,
            State state,
            @Nullable String statement) {
        List<@Nullable Object> cells() {
            return Arrays.asList(
                    entity,
                    column,
                    sequence,
                    furthest,
                    next,
                    margin,
                    state.name().toLowerCase(Locale.ROOT));
        }
    }

    @Override
    public Integer call() {
        Settings found = settings.settings(surroundings.environment());
        Plan plan = new PlanReader(settings.planEnvironment(surroundings.environment())).read(planFile);
        Output output = Output.of(spec.commandLine());
        try (PostgresPool target = Session.targetPool(found.over(plan.target()), "sequences")) {
            target.check();
            List<Line> lines = lines(plan, target);
            print(lines, output);
            return lines.stream().allMatch(line -> line.state() == State.AHEAD || line.state() == State.ADVANCED)
                    ? ExitCode.CLEAN
                    : ExitCode.INCOMPLETE;
        }
    }

    private List<Line> lines(Plan plan, PostgresPool target) {
        for (Entity entity : plan.entities()) {
            margin(entity);
        }
        SequenceAdvance sequences = new SequenceAdvance(target);
        List<Line> lines = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Entity entity : plan.entities()) {
            // Two entities of one table have its sequences in common.
            if (seen.add(entity.into().table())) {
                for (SequenceAdvance.Found found :
                        sequences.look(PlanStores.table(target, entity), margin(entity), apply)) {
                    lines.add(new Line(
                            entity.name(),
                            entity.into().table(),
                            found.column(),
                            found.sequence(),
                            found.furthest(),
                            found.next(),
                            found.margin(),
                            found.state(),
                            found.statement()));
                }
            }
        }
        return lines;
    }

    private long margin(Entity entity) {
        long planned = entity.verification().sequenceMargin();
        Long asked = margin;
        if (asked == null) {
            return Math.max(planned, SequenceAdvance.DEFAULT_MARGIN);
        }
        if (asked < 0) {
            throw new InvalidInputException("--margin " + asked + " is below zero: a sequence never goes back");
        }
        if (asked < planned) {
            throw new InvalidInputException("--margin " + asked + " is less than the verify.sequence_margin " + planned
                    + " of entity " + entity.name()
                    + ", so that a verification would fail all the same: give at least as much, or leave --margin out");
        }
        return asked;
    }

    private void print(List<Line> lines, Output output) {
        if (json.isJson()) {
            lines.forEach(output::json);
            return;
        }
        if (lines.isEmpty()) {
            output.note("no integer column of the plan's tables is filled by a sequence");
            return;
        }
        output.table(HEADERS, lines.stream().map(Line::cells).toList());
        for (Line line : lines) {
            if (line.state() == State.BEHIND || line.state() == State.BOUNDED) {
                output.line(line.statement() + ";");
            }
        }
        if (lines.stream().anyMatch(line -> line.state() == State.BEHIND)) {
            output.note("nothing was changed: advance them with 'backpop sequences " + planFile + " --apply'");
        }
        if (lines.stream().anyMatch(line -> line.state() == State.BOUNDED)) {
            output.note(
                    "a sequence cannot go beyond its own bound: alter it first, to what its column's type can hold");
        }
    }
}
