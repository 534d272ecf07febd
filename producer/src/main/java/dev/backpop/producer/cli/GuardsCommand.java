package dev.backpop.producer.cli;

import dev.backpop.command.ExitCode;
import dev.backpop.command.SettingsOptions;
import dev.backpop.plan.Entity;
import dev.backpop.plan.Plan;
import dev.backpop.plan.PlanReader;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.producer.driver.FenceGuard;
import dev.backpop.producer.driver.Session;
import dev.backpop.row.RowShape;
import dev.backpop.settings.Settings;
import dev.backpop.stores.PlanStores;
import dev.backpop.target.TargetTable;
import dev.backpop.target.TouchStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code backpop guards}. */
@Command(
        name = "guards",
        description = {
            "Installs, shows or removes the triggers of guard 'fence' in the target.",
            "They record which keys the application writes, so that a backfill never overwrites what is newer. A backfill"
                    + " installs them by itself; remove them when the entity is moved."
        })
final class GuardsCommand implements Callable<Integer> {
    private static final List<String> HEADERS =
            List.of("entity", "table", "guard", "triggers", "touched", "deleted", "installed at", "truncated at");

    private final Surroundings surroundings;

    @Parameters(index = "0", paramLabel = "PLAN", description = "The plan file.")
    private Path planFile;

    @Parameters(index = "1", paramLabel = "install|status|remove", description = "What to do.")
    private Action action;

    @Option(
            names = "--entity",
            paramLabel = "ENTITY",
            description = "Only this entity; may be given several times. All of the plan's by default.")
    private List<String> entityNames = new ArrayList<>();

    @Option(names = "--dry-run", description = "Print the SQL and change nothing.")
    private boolean dryRun;

    @Mixin
    private final JsonOption json = new JsonOption();

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Spec
    private CommandSpec spec;

    private GuardsCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    static CommandLine commandLine(Surroundings surroundings) {
        return new CommandLine(new GuardsCommand(surroundings)).setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** Its words are those of the command line. */
    enum Action {
        INSTALL,
        STATUS,
        REMOVE
    }

    private record Line(
            String entity,
            String table,
            String guard,
            TouchStatus.State triggers,
            String touches,
            long touched,
            long deleted,
            @Nullable Instant installedAt,
            @Nullable Instant truncatedAt) {
        static Line of(Entity entity, TouchStatus status) {
            return new Line(
                    entity.name(),
                    entity.into().table(),
                    entity.guard().word(),
                    status.state(),
                    status.table(),
                    status.touched(),
                    status.deleted(),
                    status.installedAt(),
                    status.truncatedAt());
        }

        List<@Nullable Object> cells() {
            return Arrays.asList(
                    entity,
                    table,
                    guard,
                    triggers.name().toLowerCase(Locale.ROOT),
                    touched,
                    deleted,
                    installedAt,
                    truncatedAt);
        }
    }

    @Override
    public Integer call() {
        Settings found = settings.settings(surroundings.environment());
        Plan plan = new PlanReader(settings.planEnvironment(surroundings.environment())).read(planFile);
        List<Entity> entities = entities(plan);
        Output output = Output.of(spec.commandLine());
        try (PostgresPool target = Session.targetPool(found.over(plan.target()), "guards")) {
            target.check();
            FenceGuard guard = new FenceGuard(target);
            List<Line> lines = new ArrayList<>();
            for (Entity entity : entities) {
                TargetTable table = table(target, entity);
                if (dryRun && action != Action.STATUS) {
                    List<String> statements = action == Action.INSTALL
                            ? guard.missing(plan.name(), entity, table)
                            : guard.present(plan.name(), entity, table);
                    statements.forEach(statement -> (statement + ";").lines().forEach(output::line));
                    continue;
                }
                change(guard, plan, entity, table, output);
                lines.add(Line.of(entity, guard.status(plan.name(), entity, table)));
            }
            print(lines, output);
            return ExitCode.CLEAN;
        }
    }

    private static TargetTable table(PostgresPool target, Entity entity) {
        TargetTable table = PlanStores.table(target, entity);
        RowShape checked = table.shape(entity, type -> true);
        assert checked != null;
        return table;
    }

    private void change(FenceGuard guard, Plan plan, Entity entity, TargetTable table, Output output) {
        if (action == Action.INSTALL && !guard.install(plan.name(), entity, table)) {
            output.note(entity.name() + ": everything was installed already");
        }
        if (action == Action.REMOVE && !guard.remove(plan.name(), entity, table)) {
            output.note(entity.name() + ": nothing was installed");
        }
    }

    private void print(List<Line> lines, Output output) {
        if (json.isJson()) {
            lines.forEach(output::json);
        } else if (!lines.isEmpty()) {
            output.table(HEADERS, lines.stream().map(Line::cells).toList());
        }
    }

    /** For an installation those whose guard needs them: nobody would look at the others' touches. */
    private List<Entity> entities(Plan plan) {
        List<Entity> chosen = new ArrayList<>();
        for (Entity entity : plan.entities()) {
            if (entityNames.isEmpty() || entityNames.contains(entity.name())) {
                boolean recorded = entity.guard().recordsTouches();
                if (recorded || action != Action.INSTALL) {
                    chosen.add(entity);
                } else if (entityNames.contains(entity.name())) {
                    throw new InvalidInputException("entity " + entity.name() + " has guard '"
                            + entity.guard().word()
                            + "', which needs no triggers: leave it out, or write guard: fence");
                }
            }
        }
        for (String name : entityNames) {
            if (plan.entity(name).isEmpty()) {
                throw new InvalidInputException("plan " + plan.name() + " has no entity '" + name + "'; it has "
                        + String.join(
                                ", ", plan.entities().stream().map(Entity::name).toList()));
            }
        }
        if (chosen.isEmpty()) {
            throw new InvalidInputException(
                    "no entity of plan " + plan.name()
                            + " has a guard that needs triggers (fence, or version with tombstones), so that there is nothing to install");
        }
        return chosen;
    }
}
