package dev.backpop.testing;

import dev.backpop.postgres.PostgresAddress;
import dev.backpop.postgres.PostgresPool;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** A database of its own on the shared server, and what tests say to one often. */
public final class Database {
    private final String url;

    private Database(String url) {
        this.url = url;
    }

    /** A new, empty database in which these statements have run. */
    public static Database with(String... statements) throws SQLException {
        Database database = new Database(Servers.newDatabase());
        database.run(statements);
        return database;
    }

    /** A database that is there, on whatever server. */
    public static Database at(String url) {
        return new Database(url);
    }

    /** As people write it. */
    public String url() {
        return url;
    }

    public String name() {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    public PostgresAddress address() {
        return PostgresAddress.parse("test", url, null, null);
    }

    /** A session that commits every statement and may do to chunks what workers of this build do. */
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("options", "-c backpop.ledger=" + PostgresPool.LEDGER_VERSION);
        return DriverManager.getConnection(address().jdbcUrl(), properties);
    }

    public void run(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Each row of a query, its columns with a bar between them. */
    public List<String> ask(String query) throws SQLException {
        try (Connection connection = connect()) {
            return ask(connection, query);
        }
    }

    /** As {@link #ask(String)}, in a session's own transaction. */
    public static List<String> ask(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    columns.add(String.valueOf(rows.getString(i)));
                }
                found.add(String.join("|", columns));
            }
            return found;
        }
    }
}
