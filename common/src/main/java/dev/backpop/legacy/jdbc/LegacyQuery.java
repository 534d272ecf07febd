package dev.backpop.legacy.jdbc;

import dev.backpop.plan.ColumnRule;
import dev.backpop.plan.Entity;
import dev.backpop.plan.From;
import dev.backpop.postgres.KeyConditions;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.postgres.SqlNames;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import dev.backpop.row.KeySelection;
import dev.backpop.row.KeyShape;
import dev.backpop.row.KeyType;
import dev.backpop.row.RowShape;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * An entity's mapping as SQL of its legacy database, checked against it. Immutable.
 *
 * <p>A text in the plan that is exactly the name of a legacy column means that column, quoted; anything else is an
 * expression. So {@code user} reads the column {@code user} where there is one.
 */
public final class LegacyQuery {
    private final LegacyRelation relation;
    private final KeyConditions key;
    private final String columns;

    private LegacyQuery(LegacyRelation relation, KeyConditions key, String columns) {
        this.relation = relation;
        this.key = key;
        this.columns = columns;
    }

    /**
     * Resolves an entity against the database.
     *
     * @throws InvalidInputException with a problem for each expression that the database refuses
     * @throws SQLException when the database does not serve
     */
    public static LegacyQuery resolve(Connection connection, Entity entity, RowShape shape) throws SQLException {
        String place = "entities." + entity.name();
        LegacyRelation relation = LegacyRelation.of(connection, entity);
        List<Problem> problems = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < entity.from().key().size(); i++) {
            String text = entity.from().key().get(i);
            keys.add(relation.sql(text));
            keyProblem(connection, relation, text, shape.key().types().get(i))
                    .ifPresent(problem -> problems.add(new Problem(place + ".from.key", problem)));
        }
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < entity.columns().size(); i++) {
            ColumnRule rule = entity.columns().get(i);
            String transferName = shape.columns().get(i).type().transferName();
            String expression = "CAST(" + relation.sql(rule.expression()) + " AS " + transferName + ")";
            // A name of its own, so that ORDER BY means the legacy column and not one of these.
            columns.add(expression + " AS \"backpop column " + (i + 1) + "\"");
            refusal(connection, relation, expression)
                    .ifPresent(refused -> problems.add(new Problem(place + ".columns." + rule.column(), refused)));
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        return new LegacyQuery(relation, new KeyConditions(keys, shape.key()), String.join(", ", columns));
    }

    private static Optional<String> keyProblem(
            Connection connection, LegacyRelation relation, String text, KeyType wanted) throws SQLException {
        Optional<String> refused = refusal(connection, relation, relation.sql(text));
        if (refused.isPresent()) {
            return refused;
        }
        String type = type(connection, relation, relation.sql(text));
        if (keyType(type).equals(Optional.of(wanted))) {
            return Optional.empty();
        }
        return Optional.of("key '" + text + "' is " + type + " in the legacy database and " + wanted.sqlType()
                + " in the target, which order differently. The key must be the same value on both sides: make it an"
                + " expression, such as key: \"" + text + "::" + wanted.sqlType() + "\"");
    }

    private static Optional<String> refusal(Connection connection, LegacyRelation relation, String expression)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery(relation.select(expression, "false")).close();
            return Optional.empty();
        } catch (SQLException e) {
            SqlFailure failure = SqlFailure.of(e);
            if (failure == SqlFailure.PERMANENT || failure == SqlFailure.ROW) {
                return Optional.of("the legacy database refuses this expression: " + SqlFailure.message(e));
            }
            throw e;
        }
    }

    private static String type(Connection connection, LegacyRelation relation, String expression) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet none = statement.executeQuery(relation.select(expression, "false"))) {
            return none.getMetaData().getColumnTypeName(1).toLowerCase(Locale.ROOT);
        }
    }

    private static Optional<KeyType> keyType(String name) {
        return switch (name) {
            case "int2", "int4", "int8", "smallserial", "serial", "bigserial" -> Optional.of(KeyType.INTEGER);
            case "text", "varchar" -> Optional.of(KeyType.TEXT);
            case "uuid" -> Optional.of(KeyType.UUID);
            case "date" -> Optional.of(KeyType.DATE);
            default -> Optional.empty();
        };
    }

    /** The key columns, for conditions and order. */
    public KeyConditions key() {
        return key;
    }

    KeyShape keyShape() {
        return key.shape();
    }

    /** Selects over the entity's rows; nothing of the mapping. */
    public String select(String list, String condition) {
        return relation.select(list, condition);
    }

    /** The keys of a chunk with each row's document as JSON. */
    String documents(KeySelection selection) {
        return relation.select(key.selectTexts() + ", row_to_json(" + relation.row() + ".*)::text", key.in(selection));
    }

    /** The mapped rows of a chunk, in key order. */
    String rows(KeySelection selection) {
        return relation.select(columns, key.in(selection)) + " ORDER BY " + key.order();
    }

    /** What an entity reads: a table with its condition, or a query. */
    private record LegacyRelation(String from, String row, String condition, Set<String> columnNames) {
        static LegacyRelation of(Connection connection, Entity entity) throws SQLException {
            String from;
            String row;
            String condition = "true";
            if (entity.from() instanceof From.Table table) {
                from = SqlNames.table(table.table());
                String where = table.where();
                // On a line of its own each, so that a comment at the end hides nothing that follows.
                condition = where == null ? "true" : "(" + where + "\n)";
                List<String> parts = SqlNames.parts(table.table());
                row = SqlNames.quoted(parts.get(parts.size() - 1));
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
                if (SqlFailure.of(e) != SqlFailure.PERMANENT && SqlFailure.of(e) != SqlFailure.ROW) {
                    throw e;
                }
                throw new InvalidInputException(List.of(new Problem(
                        "entities." + entity.name() + ".from",
                        "the legacy database says: " + SqlFailure.message(e)
                                + ". Check the name, its schema and upper case, and the rights of the user")));
            }
        }

        /** An exact column name is that column; anything else is SQL. */
        String sql(String text) {
            return columnNames.contains(text) ? SqlNames.quoted(text) : "(" + text + "\n)";
        }

        String select(String list, String narrower) {
            return "SELECT " + list + " FROM " + from + " WHERE " + condition + " AND " + narrower;
        }
    }
}
