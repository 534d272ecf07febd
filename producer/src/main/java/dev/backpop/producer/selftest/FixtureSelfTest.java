package dev.backpop.producer.selftest;

import dev.backpop.plan.ColumnRule;
import dev.backpop.plan.Entity;
import dev.backpop.plan.Plan;
import dev.backpop.plan.PlanReader;
import dev.backpop.plan.Verification.Method;
import dev.backpop.producer.demo.DemoStage;
import dev.backpop.producer.driver.Session;
import dev.backpop.settings.Environment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The self-test without a plan: on tables of its own, with a fault of every kind. For one thread, and one run. */
public final class FixtureSelfTest {
    /** Of the entity that has a rule which no digest can follow, and of the one that has not. */
    private static final String BY_RULES = "reply";

    private static final String EXACTLY = "reply_exactly";

    private final Session session;
    private final Environment environment;
    private final VerifyCampaign campaigns;
    private final List<FixtureFault> faults;

    /**
     * @param session in a database that nobody else uses
     * @param environment with {@code BACKPOP_TARGET_URL} of that database
     * @param workers throws when there is no worker any more
     */
    public FixtureSelfTest(
            Session session, Environment environment, DemoStage stage, Runnable workers, SelfTestScreen screen) {
        this(session, environment, new VerifyCampaign(session, stage, workers, screen), FixtureFaults.all());
    }

    FixtureSelfTest(Session session, Environment environment, VerifyCampaign campaigns, List<FixtureFault> faults) {
        this.session = session;
        this.environment = environment;
        this.campaigns = campaigns;
        this.faults = List.copyOf(faults);
    }

    /**
     * Makes the tables, plants the faults, and verifies by every method.
     *
     * @param only the one method to verify by; null for each
     * @throws SelfTestFailedException when a verification does not complete, or goes another way than it was told to
     */
    public List<Tried> run(@Nullable Method only) throws InterruptedException {
        Fixture fixture = new Fixture(session.target());
        fixture.create();
        fixture.plant(faults);
        Path directory = Path.of("/");
        Plan plan = new PlanReader(environment).read(Fixture.plan(), "the self-test's plan", directory);
        List<Tried> all = new ArrayList<>();
        for (Method method : only == null ? List.of(Method.values()) : List.of(only)) {
            Entity entity =
                    plan.entity(method == Method.DIGESTS ? EXACTLY : BY_RULES).orElseThrow();
            VerifyCampaign.Found found = campaigns.run(plan, directory, entity, null, Fixture.ROWS, method);
            if (!found.method().equals(method.word())) {
                throw new SelfTestFailedException("its rows were looked at by " + found.method() + ", and not by "
                        + method.word() + " as they were to be: the worker's log says why");
            }
            all.add(new Tried(method.word(), Judgement.of(planted(entity), found.findings())));
        }
        return List.copyOf(all);
    }

    /** The faults, as far as the entity's mapping has their columns. */
    private List<PlantedFault> planted(Entity entity) {
        Set<String> mapped = entity.columns().stream().map(ColumnRule::column).collect(Collectors.toSet());
        return faults.stream()
                .map(fault -> fault.expected().stream()
                                .flatMap(finding -> finding.columns().stream())
                                .allMatch(column -> mapped.contains(column.name()))
                        ? fault.planted()
                        : PlantedFault.notApplicable(fault.name(), "no digest follows the rule of its column"))
                .toList();
    }
}
