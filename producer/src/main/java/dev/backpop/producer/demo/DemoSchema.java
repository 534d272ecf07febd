package dev.backpop.producer.demo;

import dev.backpop.problem.InvalidInputException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A schema that the demo makes and drops, marked by a comment so that it never touches one that it did not make.
 *
 * @param name letters, as SQL writes it without quotes
 */
record DemoSchema(String name) {
    static final DemoSchema LEGACY = new DemoSchema("legacy");
    static final DemoSchema TARGET = new DemoSchema("discussions");
    static final DemoSchema REDDIT = new DemoSchema("reddit_demo");

    static final String MARK = "Made by backpop demo, which drops it and makes it anew.";

    private static final String STILL_NEEDED = "2BP01";
    private static final Pattern TABLE = Pattern.compile("CREATE TABLE IF NOT EXISTS (\\w+)");

    /**
     * Makes sure that the demo may have this schema in this database.
     *
     * @throws InvalidInputException when somebody else has made it, or the database cannot hold every character
     */
    void claim(Connection connection) throws SQLException {
        if (!"UTF8".equals(ask(connection, "SELECT current_setting('server_encoding')", null))) {
            throw new InvalidInputException("the demo needs a database with encoding UTF8, and "
                    + connection.getCatalog() + " has another: create one with ENCODING 'UTF8' TEMPLATE template0");
        }
        if (exists(connection) && !MARK.equals(mark(connection))) {
            throw new InvalidInputException("database " + connection.getCatalog() + " has a schema " + name
                    + " that the demo did not make, and the demo leaves it alone: give it a database of its own");
        }
    }

    boolean exists(Connection connection) throws SQLException {
        return ask(connection, "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname = ?", name) != null;
    }

    /**
     * Drops the demo's tables and then the schema, if it is there; nothing that somebody else put into it.
     *
     * @throws InvalidInputException when something else is in the schema or depends on its tables
     */
    void drop(Connection connection) throws SQLException {
        drop(connection, List.of("comment", "post", "channel"));
    }

    /**
     * Drops the tables and then the schema, if it is there, and makes both anew by a script that makes tables in the current
     * schema. The connection is in it afterwards.
     *
     * @throws InvalidInputException as {@link #claim} and {@link #drop(Connection)}
     */
    void makeAnew(Connection connection, String script) throws SQLException {
        drop(
                connection,
                TABLE.matcher(script).results().map(found -> found.group(1)).toList());
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("CREATE SCHEMA " + name);
            statement.execute("SET search_path = " + name);
            statement.execute(script);
        }
        putMark(connection);
    }

    private void drop(Connection connection, List<String> tables) throws SQLException {
        claim(connection);
        if (!exists(connection)) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS "
                    + tables.stream().map(table -> name + "." + table).collect(Collectors.joining(", ")));
            statement.execute("DROP SCHEMA " + name);
        } catch (SQLException e) {
            if (STILL_NEEDED.equals(e.getSQLState())) {
                throw new InvalidInputException(
                        "schema " + name + " of the last demo cannot be dropped, because something"
                                + " else lives in it or depends on its tables: " + e.getMessage());
            }
            throw e;
        }
    }

    void putMark(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("COMMENT ON SCHEMA " + name + " IS '" + MARK + "'");
        }
    }

    private @Nullable String mark(Connection connection) throws SQLException {
        return ask(
                connection,
                "SELECT pg_catalog.obj_description(oid, 'pg_namespace') FROM pg_catalog.pg_namespace WHERE nspname = ?",
                name);
    }

    private static @Nullable String ask(Connection connection, String sql, @Nullable String parameter)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            if (parameter != null) {
                statement.setString(1, parameter);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        }
    }
}
