package dev.backpop.legacy.jdbc;

import dev.backpop.plan.Entity;
import dev.backpop.plan.From;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.postgres.SqlNames;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What an entity reads in its legacy database: a table with its condition, or a query. Immutable. */
public final class LegacyRelation {
    private final String from;
    private final String row;
    private final String condition;
    private final Set<String> columnNames;

    private LegacyRelation(String from, String row, String condition, Set<String> columnNames) {
        this.from = from;
        this.row = row;
        this.condition = condition;
        this.columnNames = Set.copyOf(columnNames);
    }

    /**
     * Looks an entity's table or query up.
     *
     * @throws InvalidInputException when the database refuses it
     * @throws SQLException when the database does not serve
     */
    public static LegacyRelation of(Connection connection, Entity entity) throws SQLException {
        String from;
        String row;
        String condition = "true";
        // The line ends keep a comment at the end of the plan's text from swallowing what follows.
        if (entity.from() instanceof From.Table table) {
            from = SqlNames.table(table.table());
            String where = table.where();
            List<String> parts = SqlNames.parts(table.table());
            row = SqlNames.quoted(parts.get(parts.size() - 1));
            condition = where == null ? "true" : "(" + where + "\n)";
        } else if (entity.from() instanceof From.Query query) {
            from = "(" + withoutEnd(query.query()) + "\n) AS legacy";
            row = "legacy";
        } else {
            throw new InvalidInputException(List.of(new Problem(
                    "entities." + entity.name() + ".from", "a database has no files: write table or query")));
        }
        return new LegacyRelation(from, row, condition, columnNames(connection, entity, from, condition));
    }

    /** A query may end as people end statements. */
    private static String withoutEnd(String query) {
        String text = query.stripTrailing();
        return text.endsWith(";") ? withoutEnd(text.substring(0, text.length() - 1)) : text;
    }

    private static Set<String> columnNames(Connection connection, Entity entity, String from, String condition)
            throws SQLException {
        Set<String> names = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet none =
                        statement.executeQuery("SELECT * FROM " + from + " WHERE " + condition + " AND false")) {
            ResultSetMetaData description = none.getMetaData();
            for (int i = 1; i <= description.getColumnCount(); i++) {
                names.add(description.getColumnName(i));
            }
            return names;
        } catch (SQLException e) {
            if (!refused(e)) {
                throw e;
            }
            throw new InvalidInputException(List.of(new Problem(
                    "entities." + entity.name() + ".from",
                    "the legacy database says: " + SqlFailure.message(e)
                            + ". Check the name, its schema and upper case, and the rights of the user")));
        }
    }

    /** The whole row, as SQL names it. */
    String row() {
        return row;
    }

    /** Whether this is exactly the name of a column. */
    public boolean isColumn(String text) {
        return columnNames.contains(text);
    }

    /** An exact column name is that column; anything else is SQL. */
    public String sql(String text) {
        if (isColumn(text)) {
            return SqlNames.quoted(text);
        }
        // The line end keeps a comment at the end of the text from swallowing the parenthesis.
        return "(" + text + (text.contains("--") ? "\n)" : ")");
    }

    /** Selects over the entity's rows. */
    public String select(String list, String narrower) {
        return "SELECT " + list + " FROM " + from + " WHERE " + condition + " AND " + narrower;
    }

    /**
     * Why the database refuses an expression; empty when it takes it.
     *
     * @throws SQLException when the database does not serve
     */
    public Optional<String> refusal(Connection connection, String expression) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery(select(expression, "false")).close();
            return Optional.empty();
        } catch (SQLException e) {
            if (refused(e)) {
                return Optional.of("the legacy database refuses this expression: " + SqlFailure.message(e));
            }
            throw e;
        }
    }

    String typeName(Connection connection, String expression) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet none = statement.executeQuery(select(expression, "false"))) {
            return none.getMetaData().getColumnTypeName(1).toLowerCase(Locale.ROOT);
        }
    }

    private static boolean refused(SQLException failure) {
        SqlFailure meaning = SqlFailure.of(failure);
        return meaning == SqlFailure.PERMANENT || meaning == SqlFailure.ROW;
    }
}
