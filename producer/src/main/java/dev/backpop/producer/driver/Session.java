package dev.backpop.producer.driver;

import dev.backpop.ledger.Ledger;
import dev.backpop.plan.PlanReader;
import dev.backpop.plan.TargetSource;
import dev.backpop.postgres.PostgresAddress;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.queue.RedisConnection;
import dev.backpop.queue.RedisKeys;
import dev.backpop.settings.Environment;
import dev.backpop.settings.Settings;
import java.time.Clock;
import java.util.Random;

/** What an operator's command works with: Redis, the target and its ledger, open and checked. Thread-safe. */
public final class Session implements AutoCloseable {
    /** The driver's lock, its work, and reports beside it; creating the ledger takes four. */
    private static final int TARGET_SESSIONS = 6;

    private final RedisConnection redis;
    private final PostgresPool target;
    private final Ledger ledger;
    private final Dispatch dispatch;
    private final CampaignOffice office;

    private Session(
            RedisConnection redis,
            PostgresPool target,
            Ledger ledger,
            Settings settings,
            Environment environment,
            Clock clock) {
        this.redis = redis;
        this.target = target;
        this.ledger = ledger;
        this.dispatch = new Dispatch(ledger, redis, new RedisKeys(settings.redisPrefix()));
        this.office = new CampaignOffice(ledger, dispatch, target, new PlanReader(environment), clock, new Random());
    }

    /**
     * Opens everything, and creates or upgrades the ledger.
     *
     * @throws dev.backpop.problem.StoreUnreachableException when Redis or the target cannot be used
     * @throws InvalidInputException when a setting is wrong
     */
    public static Session open(Settings settings, TargetSource source, Environment environment, Clock clock) {
        return open(settings, source, environment, clock, true);
    }

    /**
     * Opens everything where there is a ledger already, and creates nothing.
     *
     * @throws InvalidInputException when the target has no ledger
     */
    public static Session openExisting(Settings settings, Environment environment, Clock clock) {
        return open(settings, settings.target(), environment, clock, false);
    }

    private static Session open(
            Settings settings, TargetSource source, Environment environment, Clock clock, boolean create) {
        PostgresPool target = targetPool(source, "producer");
        RedisConnection redis = null;
        try {
            redis = RedisConnection.open(settings.redisUrl());
            redis.check();
            target.check();
            Ledger ledger = create
                    ? Ledger.open(target.dataSource())
                    : Ledger.openExisting(target.dataSource())
                            .orElseThrow(() -> new InvalidInputException(
                                    "there is no ledger in the target database at " + target.address()
                                            + ": no campaign was ever started there; is --target-url right?"));
            Session session = new Session(redis, target, ledger, settings, environment, clock);
            session.dispatch.retireEnded();
            return session;
        } catch (RuntimeException e) {
            target.close();
            if (redis != null) {
                redis.close();
            }
            throw e;
        }
    }

    /** A pool for the target of a plan or of the settings; nothing connects yet. */
    public static PostgresPool targetPool(TargetSource source, String role) {
        return PostgresPool.target(
                PostgresAddress.parse("target", source.url(), source.user(), source.password()), role, TARGET_SESSIONS);
    }

    public PostgresPool target() {
        return target;
    }

    public Ledger ledger() {
        return ledger;
    }

    public Dispatch dispatch() {
        return dispatch;
    }

    public CampaignOffice office() {
        return office;
    }

    @Override
    public void close() {
        redis.close();
        target.close();
    }
}
