package dev.backpop.producer.cli;

import dev.backpop.command.ExitCode;
import dev.backpop.command.SettingsOptions;
import dev.backpop.plan.Plan;
import dev.backpop.plan.PlanReader;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.producer.driver.Session;
import dev.backpop.settings.Settings;
import dev.backpop.stores.check.PlanCheck;
import dev.backpop.stores.check.PlanReport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code backpop plan check}. */
@Command(
        name = "check",
        description = {
            "Checks a plan against both of its stores and says everything that is wrong or worth a look.",
            "Changes nothing and needs no Redis. Reads all legacy rows once to find values that do not fit."
        })
final class PlanCheckCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Parameters(paramLabel = "PLAN", description = "The plan file.")
    private Path plan;

    @Option(names = "--no-measure", description = "Do not read the legacy rows: types and constraints only.")
    private boolean unmeasured;

    @Mixin
    private final JsonOption json = new JsonOption();

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Spec
    private CommandSpec spec;

    private PlanCheckCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    static CommandLine commandLine(Surroundings surroundings) {
        return new CommandLine(new PlanCheckCommand(surroundings));
    }

    @Override
    public Integer call() {
        Settings found = settings.settings(surroundings.environment());
        Plan read = new PlanReader(settings.planEnvironment(surroundings.environment())).read(plan);
        Output output = Output.of(spec.commandLine());
        try (PostgresPool target = Session.targetPool(found.over(read.target()), "plan check")) {
            String file = String.valueOf(plan.getFileName());
            PlanReport report = PlanCheck.run(read, file, target, !unmeasured);
            if (json.isJson()) {
                output.json(PlanReportText.withoutOk(report));
            } else {
                PlanReportText.lines(report, plan.toString()).forEach(output::line);
            }
            return report.errors() == 0 ? ExitCode.CLEAN : ExitCode.INVALID;
        }
    }
}
