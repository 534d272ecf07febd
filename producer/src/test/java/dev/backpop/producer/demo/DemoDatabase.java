package dev.backpop.producer.demo;

import dev.backpop.testing.Servers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** An empty database of the shared PostgreSQL, and questions to it. */
final class DemoDatabase implements AutoCloseable {
    final Connection connection;

    DemoDatabase() throws SQLException {
        String url = Servers.newDatabase();
        connection = DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + Servers.postgres().port() + url.substring(url.lastIndexOf('/')),
                "postgres",
                "");
    }

    long count(String table, String where) throws SQLException {
        return Long.parseLong(text("SELECT count(*) FROM " + table + " WHERE " + where));
    }

    String text(String sql) throws SQLException {
        return list(sql).get(0);
    }

    /** The first columns of all rows, joined by a blank. */
    List<String> list(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> lines = new ArrayList<>();
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    values.add(String.valueOf(rows.getString(i)));
                }
                lines.add(String.join(" ", values));
            }
            return lines;
        }
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    /** A digest of all rows of a table, in key order. */
    String digest(String table) throws SQLException {
        execute("SET TimeZone = 'UTC'");
        return text("SELECT count(*) || ' ' || md5(string_agg(md5(t::text), '' ORDER BY t::text COLLATE \"C\")) FROM "
                + table + " t");
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
