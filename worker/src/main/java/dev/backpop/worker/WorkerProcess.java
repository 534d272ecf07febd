package dev.backpop.worker;

import dev.backpop.command.ExitCode;
import dev.backpop.command.Version;
import dev.backpop.health.TargetHealth;
import dev.backpop.ledger.Ledger;
import dev.backpop.plan.PlanReader;
import dev.backpop.postgres.PostgresAddress;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.problem.StoreUnreachableException;
import dev.backpop.queue.CampaignView;
import dev.backpop.queue.Control;
import dev.backpop.queue.Heartbeats;
import dev.backpop.queue.Lease;
import dev.backpop.queue.RedisConnection;
import dev.backpop.queue.RedisKeys;
import dev.backpop.queue.SharedAccess;
import dev.backpop.queue.Subscription;
import dev.backpop.queue.TaskQueue;
import dev.backpop.queue.WorkerStatus;
import dev.backpop.settings.Environment;
import dev.backpop.worker.health.HealthServer;
import dev.backpop.worker.metrics.WorkerMetrics;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The worker's whole life: starts what it needs, works until it is told to stop, stops in order. */
final class WorkerProcess implements Runner {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);
    private static final Duration IDLE = Duration.ofMillis(200);
    private static final Duration BEAT = Duration.ofSeconds(5);
    private static final Duration HOUSEKEEPING = Duration.ofSeconds(1);
    private static final Duration HEALTH = Duration.ofMillis(1_800);
    /** 128 + SIGTERM, as a virtual machine ends that was told to. */
    private static final int TOLD_TO_STOP = 143;

    private final Environment environment;
    private final IntConsumer halt;

    /** @param halt ends the process at once, with that exit code */
    WorkerProcess(Environment environment, IntConsumer halt) {
        this.environment = environment;
        this.halt = halt;
    }

    @Override
    public int run(WorkerOptions options) throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(told, stopped), "stop"));
        try (RedisConnection redis = RedisConnection.open(options.settings().redisUrl())) {
            redis.check();
            var source = options.settings().target();
            PostgresAddress address = PostgresAddress.parse("target", source.url(), source.user(), source.password());
            try (PostgresPool target = PostgresPool.target(address, "worker", options.lanes() * 2 + 4)) {
                target.check();
                if (options.withParent()) {
                    ParentWatch.start(System.in, told::countDown);
                }
                work(options, redis, target, told);
            }
        } finally {
            stopped.countDown();
        }
        return ExitCode.CLEAN;
    }

    private void work(WorkerOptions options, RedisConnection redis, PostgresPool target, CountDownLatch told)
            throws InterruptedException {
        Ledger ledger = Ledger.open(target.dataSource());
        RedisKeys keys = new RedisKeys(options.settings().redisPrefix());
        TaskQueue queue = new TaskQueue(redis, keys, TaskQueue.DEFAULT_LEASE);
        Heartbeats heartbeats = new Heartbeats(redis, keys);
        Instant startedAt = Clock.systemUTC().instant();
        String host = hostName();
        long pid = ProcessHandle.current().pid();
        // With the start, because a pod that comes back has its old name and must not inherit its old leases.
        String worker = host + "-" + pid + "-" + startedAt.getEpochSecond();
        Wakeup wakeup = new Wakeup();
        HeldLeases held = new HeldLeases(System::nanoTime);
        CampaignRotation rotation = new CampaignRotation(new CampaignView(redis, keys), System::nanoTime);
        CampaignHolds holds = new CampaignHolds(ledger, rotation);
        LaneAllowances allowances = new LaneAllowances(options.lanes());
        PlanReader plans = new PlanReader(environment);
        Lanes lanes = new Lanes(wakeup, this::broken);
        Lanes keepers = new Lanes(new Wakeup(), this::broken);
        try (RedisConnection keeperRedis =
                        RedisConnection.open(options.settings().redisUrl());
                WorkerMetrics metrics = new WorkerMetrics();
                OpenCampaigns campaigns = new OpenCampaigns(
                        ledger,
                        target,
                        plans,
                        worker,
                        options.lanes(),
                        Clock.systemUTC(),
                        kind -> SharedAccess.of(redis, keys, kind));
                HealthServer health = HealthServer.start(options.healthPort(), held::readiness, metrics::scrape);
                Subscription hints = new Control(redis, keys).subscribe(message -> {
                    rotation.lookSoon();
                    wakeup.wake();
                })) {
            metrics.watch(options::lanes, allowances::fewest, () -> held.all().size(), held::secondsSincePoll);
            ChunkExecution execution = new ChunkExecution(
                    worker,
                    ledger,
                    queue,
                    campaigns,
                    holds,
                    new Retries(() -> ThreadLocalRandom.current().nextDouble()),
                    metrics);
            HealthKeeper healthKeeper =
                    new HealthKeeper(new TargetHealth(target), ledger, plans, rotation, allowances, metrics);
            for (int i = 1; i <= options.lanes(); i++) {
                Lane lane = new Lane(worker + "-" + i, queue, rotation, allowances, held, execution);
                lanes.start("lane-" + i, lane::runOnce, IDLE);
            }
            // A connection of its own: behind the lanes' calls a renewal could come too late.
            LeaseKeeper keeper = new LeaseKeeper(
                    new TaskQueue(keeperRedis, keys, TaskQueue.DEFAULT_LEASE),
                    held,
                    new Heartbeats(keeperRedis, keys),
                    () -> new WorkerStatus(
                            worker,
                            host,
                            pid,
                            Version.current(),
                            options.lanes(),
                            held.all().stream()
                                    .map(lease -> lease.campaignId() + "#" + lease.chunkNo())
                                    .sorted()
                                    .toList(),
                            startedAt.toEpochMilli(),
                            problem(holds, healthKeeper),
                            told.getCount() == 0 ? "stopping" : "running"));
            keepers.start("lease-keeper", repeated(keeper::runOnce), BEAT);
            Housekeeper housekeeper = new Housekeeper(queue, rotation, campaigns, holds, held);
            keepers.start("housekeeper", repeated(housekeeper::runOnce), jittered(HOUSEKEEPING));
            keepers.start("health-keeper", repeated(healthKeeper::runOnce), jittered(HEALTH));
            LOG.info(
                    "worker {} is ready: {} lanes, Redis {}, target {}, health and metrics on port {}",
                    worker,
                    options.lanes(),
                    redis.describe(),
                    target.address(),
                    health.port());
            LOG.debug("listening for hints: {}", hints.isListening());
            told.await();
            LOG.info("stopping: finishing {} chunks", held.all().size());
            stopInOrder(options, queue, heartbeats, worker, held, lanes, keepers);
        }
    }

    /** What may come after an Error is anyone's guess: leases expire, and a supervisor starts the next process. */
    private void broken(String loop, Error error) {
        try {
            LOG.error("{} broke down, so this worker ends; its chunks come back when their leases expire", loop, error);
        } finally {
            halt.accept(ExitCode.INCOMPLETE);
        }
    }

    private void stopInOrder(
            WorkerOptions options,
            TaskQueue queue,
            Heartbeats heartbeats,
            String worker,
            HeldLeases held,
            Lanes lanes,
            Lanes keepers)
            throws InterruptedException {
        lanes.stop();
        boolean finished = lanes.awaitEnd(options.grace());
        keepers.stop();
        try {
            if (!finished) {
                List<Lease> rest = held.all();
                LOG.info("handing back {} chunks that did not finish within {}", rest.size(), options.grace());
                rest.forEach(queue::release);
            }
            if (finished) {
                // Or a last beat would bring back what is removed here.
                keepers.awaitEnd(BEAT.plus(BEAT));
            }
            heartbeats.remove(worker);
        } catch (StoreUnreachableException e) {
            LOG.warn("chunks come back when their leases expire: {}", e.getMessage());
        } finally {
            if (!finished) {
                // In order it would take as long as the statements that lanes wait for. What they have not committed is
                // undone, and what they have is found done by whoever gets the chunk.
                halt.accept(TOLD_TO_STOP);
            }
        }
    }

    private static @Nullable String problem(CampaignHolds holds, HealthKeeper health) {
        String all = Stream.of(holds.problem(), health.problem())
                .filter(Objects::nonNull)
                .collect(Collectors.joining("; "));
        return all.isEmpty() ? null : all;
    }

    private static Duration jittered(Duration period) {
        return period.plusMillis(ThreadLocalRandom.current().nextLong(500));
    }

    private static BooleanSupplier repeated(Runnable step) {
        return () -> {
            step.run();
            return false;
        };
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown-host";
        }
    }

    /** The virtual machine ends when its hooks have, so this one waits for the process to have stopped in order. */
    private static void stop(CountDownLatch told, CountDownLatch stopped) {
        told.countDown();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
