package dev.backpop.producer.selftest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.backpop.postgres.PostgresPool;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The self-test's own two tables, their plan, and the faults planted into the newer one. */
final class Fixture {
    /** How many rows the older table has. */
    static final long ROWS = 720;

    private final PostgresPool database;

    /** @param database one that nobody else uses */
    Fixture(PostgresPool database) {
        this.database = database;
    }

    static String plan() {
        return resource("fixture-plan.yaml");
    }

    void create() {
        execute(List.of(resource("fixture.sql")));
    }

    void plant(List<FixtureFault> faults) {
        execute(faults.stream().map(FixtureFault::sql).toList());
    }

    private void execute(List<String> scripts) {
        try (Connection connection = database.connection();
                Statement statement = connection.createStatement()) {
            // Braces are JSON here, and not JDBC's own escapes.
            statement.setEscapeProcessing(false);
            for (String script : scripts) {
                statement.execute(script);
            }
        } catch (SQLException e) {
            throw database.unreachable(e);
        }
    }

    private static String resource(String name) {
        try (InputStream stream = Fixture.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the jar lacks " + name + ": build it again");
            }
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
