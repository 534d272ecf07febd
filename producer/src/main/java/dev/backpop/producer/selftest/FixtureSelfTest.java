package dev.backpop.producer.selftest;

import dev.backpop.plan.Entity;
import dev.backpop.plan.Plan;
import dev.backpop.plan.PlanReader;
import dev.backpop.producer.demo.DemoStage;
import dev.backpop.producer.driver.Session;
import dev.backpop.settings.Environment;
import java.nio.file.Path;
import java.util.List;

/** The self-test without a plan: on tables of its own, with a fault of every kind. For one thread, and one run. */
public final class FixtureSelfTest {
    private static final String ENTITY = "reply";

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
     * Makes the tables, plants the faults, and verifies.
     *
     * @throws SelfTestFailedException when the verification does not complete
     */
    public List<Verdict> run() throws InterruptedException {
        Fixture fixture = new Fixture(session.target());
        fixture.create();
        fixture.plant(faults);
        Path directory = Path.of("/");
        Plan plan = new PlanReader(environment).read(Fixture.plan(), "the self-test's plan", directory);
        Entity entity = plan.entity(ENTITY).orElseThrow();
        List<Finding> found = campaigns.run(plan, directory, entity, null, Fixture.ROWS);
        return Judgement.of(faults.stream().map(FixtureFault::planted).toList(), found);
    }
}
