package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.CampaignState;
import dev.backpop.command.ExitCode;
import dev.backpop.command.SettingsOptions;
import dev.backpop.plan.Entity;
import dev.backpop.plan.Plan;
import dev.backpop.plan.PlanReader;
import dev.backpop.plan.TargetSource;
import dev.backpop.plan.Verification;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import dev.backpop.producer.driver.CampaignRequest;
import dev.backpop.producer.driver.SampleRequest;
import dev.backpop.producer.driver.Session;
import dev.backpop.producer.text.Quantities;
import dev.backpop.settings.Environment;
import dev.backpop.settings.Settings;
import dev.backpop.stores.PlanStores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** From a plan and options to campaigns that run: what {@code backfill} and {@code verify} do. */
final class CampaignStart {
    private static final int LEGACY_SESSIONS = 2;

    private final Surroundings surroundings;
    private final CampaignOptions options;
    private final @Nullable SampleRequest sample;
    private final Verification.@Nullable Method method;
    private final CampaignKind kind;
    private final CommandLine commandLine;
    private final Output output;
    private final boolean json;
    private final Environment environment;
    private final Settings settings;
    private final Plan plan;
    private final TargetSource target;
    private final List<Entity> entities;

    /** @throws InvalidInputException when the plan or the options are wrong */
    CampaignStart(
            Surroundings surroundings,
            SettingsOptions settingsOptions,
            CampaignOptions options,
            VerifyOptions verifyOptions,
            CampaignKind kind,
            CommandLine commandLine,
            boolean json) {
        this.surroundings = surroundings;
        this.options = options;
        this.sample = verifyOptions.sample(options.listed());
        this.method = verifyOptions.method();
        this.kind = kind;
        this.commandLine = commandLine;
        this.output = Output.of(commandLine);
        this.json = json;
        this.settings = settingsOptions.settings(surroundings.environment());
        this.environment = settingsOptions.planEnvironment(surroundings.environment());
        this.plan = new PlanReader(environment).read(options.planFile());
        this.target = settings.over(plan.target());
        this.entities = options.entities(plan);
    }

    int dryRun() {
        try (PostgresPool pool = Session.targetPool(target, "dry run");
                PlanStores stores = PlanStores.open(plan, pool, "dry run", LEGACY_SESSIONS)) {
            pool.check();
            stores.legacy().check();
            check(stores);
            DryRun dryRun = new DryRun(plan.name(), stores, pool, output, json);
            for (Entity entity : entities) {
                dryRun.run(entity, kind, options.from(), options.to(), options.ids(), sample);
            }
            return ExitCode.CLEAN;
        }
    }

    int run() throws InterruptedException {
        try (Session session = Session.open(settings, target, environment, surroundings.clock())) {
            List<String> ids = create(session);
            if (options.detached()) {
                return Detached.resume(ids, settings, target, output, json);
            }
            try (LocalWorkers workers =
                    LocalWorkers.start(options.localWorkers(), settings, target, environment, output)) {
                return new CampaignRun(session, surroundings, output, commandLine, json).run(ids, workers.count() > 0);
            }
        }
    }

    /** Creates all campaigns or none, so that what comes after a lost terminal is one 'resume' away. */
    private List<String> create(Session session) {
        List<String> created = new ArrayList<>();
        try (PlanStores stores = PlanStores.open(
                plan,
                session.target(),
                "producer",
                LEGACY_SESSIONS,
                session.dispatch().access(kind))) {
            stores.legacy().check();
            check(stores);
            for (Entity entity : entities) {
                Campaign campaign = session.office()
                        .create(
                                new CampaignRequest(
                                        plan,
                                        directory(),
                                        entity,
                                        kind,
                                        options.name(),
                                        options.from(),
                                        options.to(),
                                        options.ids(),
                                        Operator.of(environment),
                                        sample,
                                        method),
                                stores);
                created.add(campaign.id());
                saySample(campaign);
            }
            return created;
        } catch (RuntimeException e) {
            for (String id : created) {
                session.office()
                        .change(id, CampaignState.CANCELLED, "not all campaigns of the command could be created");
            }
            throw e;
        }
    }

    private void saySample(Campaign campaign) {
        CampaignSpec.Sample drawn = campaign.spec().sample();
        if (drawn == null) {
            return;
        }
        output.note(campaign.id() + ": drew " + Quantities.count(drawn.size()) + " of "
                + CampaignWords.counted(drawn.population(), "key") + " with --seed " + drawn.seed()
                + (drawn.size() == drawn.population()
                        ? ", which is all of them: everything is compared but rows that only the target has"
                        : ""));
    }

    /** Every entity's problems at once. */
    private void check(PlanStores stores) {
        List<Problem> problems = new ArrayList<>();
        for (Entity entity : entities) {
            try {
                stores.entity(entity);
            } catch (InvalidInputException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
    }

    private Path directory() {
        Path parent = options.planFile().toAbsolutePath().getParent();
        return parent == null ? Path.of("/") : parent;
    }
}
