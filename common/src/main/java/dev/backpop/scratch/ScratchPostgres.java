package dev.backpop.scratch;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL of its own in a scratch folder, gone with {@link #close}. Needs the embedded server on the class path. */
public final class ScratchPostgres implements AutoCloseable {
    private final EmbeddedPostgres server;

    private ScratchPostgres(EmbeddedPostgres server) {
        this.server = server;
    }

    /**
     * Starts a server on a free port.
     *
     * @param folder where its data folder is made; removed when it stops
     * @throws UncheckedIOException when it does not start
     */
    public static ScratchPostgres start(Path folder) {
        return start(folder, true);
    }

    /** As {@link #start}, but it outlives this process unless it is closed: for callers that stop things in order. */
    public static ScratchPostgres startUntilClosed(Path folder) {
        return start(folder, false);
    }

    private static ScratchPostgres start(Path folder, boolean stopsWithProcess) {
        try {
            return new ScratchPostgres(EmbeddedPostgres.builder()
                    .setDataDirectory(folder.resolve("postgres"))
                    // Nobody wants the data after a crash, and a server with hundreds of databases takes half a minute
                    // to
                    // bring them all to disk before it stops.
                    .setServerConfig("fsync", "off")
                    .setServerConfig("full_page_writes", "off")
                    .setRegisterShutdownHook(stopsWithProcess)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException("the scratch PostgreSQL did not start", e);
        }
    }

    /** A connection to the database {@code postgres} as its superuser. */
    public Connection connect() throws SQLException {
        return server.getPostgresDatabase().getConnection();
    }

    /**
     * Creates a database.
     *
     * @param name letters, digits and underscores
     */
    public void createDatabase(String name) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
    }

    public int port() {
        return server.getPort();
    }

    public String url(String database) {
        return "postgresql://postgres@127.0.0.1:" + server.getPort() + "/" + database;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the scratch PostgreSQL did not stop", e);
        }
    }
}
