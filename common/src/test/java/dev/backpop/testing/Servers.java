package dev.backpop.testing;

import dev.backpop.scratch.ScratchPostgres;
import dev.backpop.scratch.ScratchRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** One real PostgreSQL and one real Redis a test JVM, started when first asked for and stopped with the JVM. */
public final class Servers {
    private static final AtomicInteger NEXT = new AtomicInteger();

    private Servers() {}

    /** The shared PostgreSQL. */
    public static ScratchPostgres postgres() {
        return Postgres.SHARED;
    }

    /** The shared Redis; a test that flushes or configures it starts its own with {@link ScratchRedis#start}. */
    public static ScratchRedis redis() {
        return Redis.SHARED;
    }

    /** The URL of a new, empty database, in the form people write. */
    public static String newDatabase() {
        String name = "test_" + NEXT.incrementAndGet();
        try {
            postgres().createDatabase(name);
        } catch (SQLException e) {
            throw new IllegalStateException("could not create database " + name, e);
        }
        return postgres().url(name);
    }

    /** A Redis key prefix that no other test uses. */
    public static String newPrefix() {
        return "test" + NEXT.incrementAndGet();
    }

    /** A new folder, removed by the operating system's own cleaning of temporary files at the latest. */
    public static Path newFolder() {
        try {
            Path folder = Files.createTempDirectory("backpop-test");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Postgres {
        static final ScratchPostgres SHARED = ScratchPostgres.start(newFolder());
    }

    private static final class Redis {
        static final ScratchRedis SHARED = startRedis();

        private static ScratchRedis startRedis() {
            ScratchRedis redis = ScratchRedis.start(newFolder());
            Runtime.getRuntime().addShutdownHook(new Thread(redis::close, "stop-redis"));
            return redis;
        }
    }
}
