package dev.backpop.worker;

import dev.backpop.command.ExitCode;
import dev.backpop.worker.health.HealthServer;
import dev.backpop.worker.health.Readiness;
import dev.backpop.worker.metrics.WorkerMetrics;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The worker's whole life: starts what it needs, waits to be told to stop, stops in order. */
final class WorkerProcess implements Runner {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);

    @Override
    public int run(WorkerOptions options) throws InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(told, stopped), "stop"));
        WorkerMetrics metrics = new WorkerMetrics();
        try (HealthServer health = HealthServer.start(
                options.healthPort(), () -> Readiness.notReady("no lanes are running"), metrics::scrape)) {
            LOG.info("health and metrics on port {}", health.port());
            if (options.withParent()) {
                ParentWatch.start(System.in, told::countDown);
            }
            told.await();
        } finally {
            metrics.close();
            stopped.countDown();
        }
        return ExitCode.CLEAN;
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
