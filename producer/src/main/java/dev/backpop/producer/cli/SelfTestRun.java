package dev.backpop.producer.cli;

import dev.backpop.campaign.Discrepancy;
import dev.backpop.command.ExitCode;
import dev.backpop.command.SettingsOptions;
import dev.backpop.plan.Entity;
import dev.backpop.plan.Plan;
import dev.backpop.plan.PlanReader;
import dev.backpop.plan.TargetSource;
import dev.backpop.plan.Verification.Method;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.producer.demo.DemoScratch;
import dev.backpop.producer.demo.DemoServers;
import dev.backpop.producer.demo.DemoStage;
import dev.backpop.producer.driver.Session;
import dev.backpop.producer.selftest.Finding;
import dev.backpop.producer.selftest.FixtureSelfTest;
import dev.backpop.producer.selftest.PlanSelfTest;
import dev.backpop.producer.selftest.SelfTestFailedException;
import dev.backpop.producer.selftest.Tried;
import dev.backpop.producer.selftest.Verdict;
import dev.backpop.producer.text.Quantities;
import dev.backpop.producer.text.StoredJson;
import dev.backpop.settings.Environment;
import dev.backpop.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** Has verification find planted faults: what {@code verify --self-test} does. For one thread, and one run. */
final class SelfTestRun {
    private static final List<String> HEADERS = List.of("fault", "planted at", "by", "found as", "cause", "verdict");
    private static final int LANES = 2;

    private final Surroundings surroundings;
    private final Output output;
    private final SelfTestTerminal screen;
    private final boolean json;
    private final DemoStage stage = new DemoStage();

    SelfTestRun(Surroundings surroundings, CommandLine commandLine, boolean json) {
        this.surroundings = surroundings;
        this.output = Output.of(commandLine);
        this.screen = SelfTestTerminal.of(surroundings.terminal(), commandLine, output);
        this.json = json;
    }

    /**
     * On tables of its own, in servers of its own.
     *
     * @param method the one to try; null for all of them
     * @return the exit code
     */
    int withoutPlan(@Nullable Method method) throws InterruptedException {
        WorkerJar.find(surroundings.environment());
        return staged(() -> fixture(method));
    }

    /**
     * On copies of the first rows of a plan's entities, in its own stores.
     *
     * @param method the one to try; null for that of a verification of the plan
     * @return the exit code
     * @throws InvalidInputException when the plan or the options are wrong, or the user may not make copies
     */
    int withPlan(CampaignOptions options, SettingsOptions settingsOptions, @Nullable Method method)
            throws InterruptedException {
        WorkerJar.find(surroundings.environment());
        Settings settings = settingsOptions.settings(surroundings.environment());
        Environment environment = settingsOptions.planEnvironment(surroundings.environment());
        PlanReader plans = new PlanReader(environment);
        Plan plan = plans.read(options.planFile());
        List<Entity> entities = options.entities(plan);
        TargetSource target = settings.over(plan.target());
        return staged(() -> {
            Session session =
                    stage.open(() -> Session.open(settings, target, environment, surroundings.clock()), Session::close);
            int lanes = Math.max(1, options.localWorkers());
            LocalWorkers workers = stage.open(
                    () -> LocalWorkers.start(lanes, settings, target, environment, output), LocalWorkers::close);
            PlanSelfTest test =
                    new PlanSelfTest(session, plans, plan, options.directory(), stage, () -> check(workers), screen);
            test.lookForLeftovers();
            int worst = ExitCode.CLEAN;
            for (Entity entity : entities) {
                List<Tried> tried = List.of(test.run(entity, method));
                if (!json) {
                    output.line("Entity " + entity.name());
                }
                print(entity.name(), tried);
                worst = Math.max(worst, conclude(tried, output));
            }
            return worst;
        });
    }

    /** Takes down all that was started, also when this process is told to stop meanwhile. */
    private int staged(Work work) throws InterruptedException {
        Thread hook = new Thread(stage::closeFromOutside, "take-self-test-down");
        Runtime.getRuntime().addShutdownHook(hook);
        try (stage) {
            int exitCode = work.run();
            removeHook(hook);
            return exitCode;
        } catch (SelfTestFailedException e) {
            removeHook(hook);
            output.note("The self-test came to no verdict: " + e.getMessage());
            return ExitCode.INCOMPLETE;
        } catch (RuntimeException e) {
            if (stage.toldToStop()) {
                return ExitCode.INTERRUPTED;
            }
            removeHook(hook);
            throw e;
        } finally {
            stage.leave();
        }
    }

    private void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending: the hook has taken over, and closing twice is closing once.
            stage.close();
        }
    }

    private int fixture(@Nullable Method method) throws InterruptedException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        DemoScratch scratch = stage.open(() -> DemoScratch.create(temporary), DemoScratch::remove);
        screen.note("starting a PostgreSQL and a Redis for the self-test");
        DemoServers servers = stage.open(() -> DemoServers.start(scratch, true, true), DemoServers::stop);
        Settings settings = new Settings(
                Objects.requireNonNull(servers.redisUrl()),
                Settings.DEFAULT_REDIS_PREFIX,
                servers.postgresUrl(DemoServers.TARGET),
                null,
                null);
        Environment environment = over(surroundings.environment(), settings);
        TargetSource target = settings.target();
        Session session =
                stage.open(() -> Session.open(settings, target, environment, surroundings.clock()), Session::close);
        LocalWorkers workers =
                stage.open(() -> LocalWorkers.start(LANES, settings, target, environment, output), LocalWorkers::close);
        List<Tried> tried = new FixtureSelfTest(session, environment, stage, () -> check(workers), screen).run(method);
        print(null, tried);
        return conclude(tried, output);
    }

    /** Only what was started for the self-test is to be reached, whatever is set for other commands. */
    private static Environment over(Environment environment, Settings settings) {
        return new Environment(name -> switch (name) {
            case Settings.TARGET_URL -> settings.targetUrl();
            case Settings.REDIS_URL -> settings.redisUrl();
            default ->
                name.startsWith(Settings.TARGET_URL)
                                || name.startsWith(Settings.TARGET_USER)
                                || name.startsWith(Settings.TARGET_PASSWORD)
                                || name.startsWith(Settings.REDIS_URL)
                        ? null
                        : environment.raw(name);
        });
    }

    private static void check(LocalWorkers workers) {
        if (!workers.alive()) {
            throw new SelfTestFailedException("its worker ended by itself; what it said stands above");
        }
    }

    private void print(@Nullable String entity, List<Tried> tried) {
        if (json) {
            for (Tried one : tried) {
                one.verdicts().forEach(verdict -> output.json(Document.of(entity, one.method(), verdict)));
            }
            return;
        }
        // A fault that fared alike by every method is one line.
        Map<Verdict, String> methods = new LinkedHashMap<>();
        for (Tried one : tried) {
            one.verdicts().forEach(verdict -> methods.merge(verdict, one.method(), (some, next) -> some + ", " + next));
        }
        output.table(
                HEADERS,
                methods.entrySet().stream()
                        .map(one -> cells(one.getKey(), one.getValue()))
                        .toList());
    }

    private static List<@Nullable Object> cells(Verdict verdict, String methods) {
        String remark = verdict.remark();
        return Arrays.asList(
                verdict.fault(),
                verdict.keys().isEmpty()
                        ? null
                        : joined(verdict.keys().stream().map(StoredJson::key).toList()),
                methods,
                verdict.found().isEmpty()
                        ? null
                        : joined(verdict.found().stream().map(Finding::what).toList()),
                verdict.found().isEmpty()
                        ? null
                        : joined(verdict.found().stream()
                                .map(Finding::why)
                                .filter(Objects::nonNull)
                                .toList()),
                verdict.result().word() + (remark == null ? "" : ": " + remark));
    }

    private static @Nullable String joined(List<String> texts) {
        return texts.isEmpty() ? null : texts.stream().distinct().collect(Collectors.joining("; "));
    }

    /** @return the exit code */
    static int conclude(List<Tried> tried, Output output) {
        long found = tried.stream().mapToLong(Tried::found).max().orElse(0);
        long byEach = tried.stream().mapToLong(Tried::found).min().orElse(0);
        String methods = String.join(", ", tried.stream().map(Tried::method).toList());
        List<String> failed = new ArrayList<>();
        for (Tried one : tried) {
            one.verdicts().stream()
                    .filter(verdict -> !verdict.passes())
                    .forEach(verdict -> failed.add(verdict.result().word() + " "
                            + (verdict.result() == Verdict.Result.FALSE_ALARM
                                    ? "at " + verdict.keys()
                                    : verdict.fault())
                            + " by " + one.method()));
        }
        if (failed.isEmpty() && byEach > 0) {
            output.note("All " + Quantities.count(found) + " planted faults were found and named by " + methods
                    + (byEach < found ? ", each by those that compare its columns" : "")
                    + ", and nothing else was reported.");
            return ExitCode.CLEAN;
        }
        output.note(
                failed.isEmpty()
                        ? "The self-test failed: no fault could be planted, so that nothing is proven."
                        : "The self-test failed: verification is not to be trusted here. " + String.join("; ", failed)
                                + ".");
        return ExitCode.INCOMPLETE;
    }

    private interface Work {
        int run() throws InterruptedException;
    }

    private record Document(
            @Nullable String entity,
            String method,
            String fault,
            List<JsonNode> keys,
            List<Found> found,
            Verdict.Result verdict,
            @Nullable String remark) {
        static Document of(@Nullable String entity, String method, Verdict verdict) {
            return new Document(
                    entity,
                    method,
                    verdict.fault(),
                    nodes(verdict.keys()),
                    verdict.found().stream().map(Found::of).toList(),
                    verdict.result(),
                    verdict.remark());
        }

        private static List<JsonNode> nodes(List<String> keys) {
            return keys.stream()
                    .map(key -> Objects.requireNonNull(StoredJson.node(key)))
                    .toList();
        }
    }

    private record Found(
            @Nullable JsonNode key,
            Discrepancy.Kind kind,
            List<Finding.Column> columns,
            @Nullable String cause) {
        static Found of(Finding finding) {
            return new Found(StoredJson.node(finding.key()), finding.kind(), finding.columns(), finding.cause());
        }
    }
}
