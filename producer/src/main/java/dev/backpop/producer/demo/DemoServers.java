package dev.backpop.producer.demo;

import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.StoreUnreachableException;
import dev.backpop.scratch.ScratchPostgres;
import dev.backpop.scratch.ScratchRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** The servers that the demo has started because none were given. */
public final class DemoServers {
    static final String LEGACY = "legacy";
    public static final String TARGET = "app";

    private final @Nullable ScratchRedis redis;
    private final @Nullable ScratchPostgres postgres;

    private DemoServers(@Nullable ScratchRedis redis, @Nullable ScratchPostgres postgres) {
        this.redis = redis;
        this.postgres = postgres;
    }

    /**
     * Starts what is asked for, side by side.
     *
     * @throws InvalidInputException when the embedded servers are not on the class path
     * @throws StoreUnreachableException when one does not start; then none is left running
     */
    public static DemoServers start(DemoScratch scratch, boolean redis, boolean postgres) {
        try {
            FutureTask<@Nullable ScratchPostgres> starting =
                    new FutureTask<>(() -> postgres ? startPostgres(scratch) : null);
            new Thread(starting, "start-postgres").start();
            ScratchRedis startedRedis = null;
            RuntimeException failure = null;
            try {
                startedRedis = redis ? startRedis(scratch) : null;
            } catch (StoreUnreachableException e) {
                failure = e;
            }
            DemoServers servers = new DemoServers(startedRedis, join(starting, startedRedis));
            if (failure != null) {
                servers.stop();
                throw failure;
            }
            ProcessHandle.current().descendants().forEach(scratch::remember);
            if (postgres) {
                rememberPostmaster(scratch);
            }
            return servers;
        } catch (NoClassDefFoundError e) {
            throw new InvalidInputException(
                    "the embedded servers are not on the class path: run deploy/backpop demo, or"
                            + " give --redis-url and --target-url");
        }
    }

    /** PostgreSQL may have left the tree of our processes, but says in its data folder which one it is. */
    private static void rememberPostmaster(DemoScratch scratch) {
        Path file = scratch.folder().resolve("postgres").resolve("postmaster.pid");
        try {
            long pid = Long.parseLong(Files.readAllLines(file).get(0).strip());
            ProcessHandle.of(pid).ifPresent(scratch::remember);
        } catch (IOException e) {
            throw new UncheckedIOException("the demo's own PostgreSQL left no " + file, e);
        }
    }

    private static ScratchRedis startRedis(DemoScratch scratch) {
        try {
            return ScratchRedis.start(scratch.folder());
        } catch (RuntimeException e) {
            throw failed("Redis", "--redis-url", e);
        }
    }

    private static ScratchPostgres startPostgres(DemoScratch scratch) throws SQLException {
        try {
            ScratchPostgres started = ScratchPostgres.startUntilClosed(scratch.folder());
            started.createDatabase(LEGACY);
            started.createDatabase(TARGET);
            return started;
        } catch (RuntimeException e) {
            throw failed("PostgreSQL", "--target-url", e);
        }
    }

    private static StoreUnreachableException failed(String what, String option, RuntimeException failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return new StoreUnreachableException(
                "the demo's own " + what + " did not start: " + cause.getMessage() + "; give one of yours with "
                        + option,
                failure);
    }

    private static @Nullable ScratchPostgres join(
            FutureTask<@Nullable ScratchPostgres> starting, @Nullable ScratchRedis toStop) {
        RuntimeException failure;
        try {
            return starting.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = new DemoStoppedException();
        } catch (ExecutionException e) {
            failure = rethrowable(e);
        }
        if (toStop != null) {
            toStop.close();
        }
        throw failure;
    }

    private static RuntimeException rethrowable(ExecutionException failure) {
        Throwable cause = failure.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException known
                ? known
                : new StoreUnreachableException("the demo's own PostgreSQL is not usable: " + cause, failure);
    }

    /** Null when one was given. */
    public @Nullable String redisUrl() {
        return redis == null ? null : redis.url();
    }

    /** Null when one was given. */
    public @Nullable String postgresUrl(String database) {
        return postgres == null ? null : postgres.url(database);
    }

    /** Stops what was started. */
    public void stop() {
        try {
            if (redis != null) {
                redis.close();
            }
        } finally {
            if (postgres != null) {
                postgres.close();
            }
        }
    }
}
