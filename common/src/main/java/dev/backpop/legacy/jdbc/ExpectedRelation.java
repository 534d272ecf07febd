package dev.backpop.legacy.jdbc;

import dev.backpop.plan.ColumnRule;
import dev.backpop.plan.Entity;
import dev.backpop.plan.From;
import dev.backpop.postgres.KeyConditions;
import dev.backpop.postgres.SelectionSql;
import dev.backpop.postgres.SqlNames;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.RowShape;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An entity's mapping read a second time, for verification: from the plan alone, by the names of the target's columns.
 * Nothing of it comes from {@link LegacyQuery} and {@link LegacyRelation}, whose rows are written; what both use are the
 * conditions and the order of keys, by which chunks were planned, and which know nothing of the other columns. Immutable.
 */
final class ExpectedRelation {
    private final String from;
    private final KeyConditions key;
    private final SelectionSql sql;
    private final SelectionSql compared;
    private final boolean marked;

    private ExpectedRelation(String from, KeyConditions key, SelectionSql sql, SelectionSql compared, boolean marked) {
        this.from = from;
        this.key = key;
        this.sql = sql;
        this.compared = compared;
        this.marked = marked;
    }

    /** @throws SQLException when the database does not serve, or refuses what {@link LegacyQuery} was allowed */
    static ExpectedRelation of(Connection connection, Entity entity, RowShape shape) throws SQLException {
        String from;
        boolean marked = false;
        if (entity.from() instanceof From.Table table) {
            String name = SqlNames.table(table.table());
            // A line of its own, which a comment at the end of the condition ends with.
            from = name + " WHERE " + (table.where() == null ? "true" : "(" + table.where() + "\n)");
            marked = isTable(connection, name);
        } else {
            String query = ((From.Query) entity.from()).query().strip();
            while (query.endsWith(";")) {
                query = query.substring(0, query.length() - 1).strip();
            }
            from = "(\n" + query + "\n) AS legacy WHERE true";
        }
        Set<String> names = names(connection, from);
        List<String> keys =
                entity.from().key().stream().map(text -> meaning(text, names)).toList();
        KeyConditions key = new KeyConditions(keys, shape.key());
        Map<String, String> meanings = new HashMap<>();
        for (ColumnRule rule : entity.columns()) {
            meanings.put(rule.column(), meaning(rule.expression(), names));
        }
        Set<String> all = Set.copyOf(meanings.keySet());
        return new ExpectedRelation(
                from,
                key,
                new SelectionSql(from, key, keys, columns(shape, meanings, all)),
                new SelectionSql(from, key, keys, columns(shape, meanings, entity.comparedColumns())),
                marked);
    }

    private static List<SelectionSql.Column> columns(
            RowShape shape, Map<String, String> meanings, Set<String> compared) {
        List<SelectionSql.Column> columns = new ArrayList<>();
        for (RowShape.Column column : shape.columns()) {
            String meaning = meanings.get(column.name());
            if (meaning == null) {
                throw new IllegalArgumentException("the plan has no rule for column " + column.name());
            }
            columns.add(new SelectionSql.Column(meaning, column.type(), compared.contains(column.name())));
        }
        return columns;
    }

    /** The exact name of a column is that column; every other text is an expression. */
    private static String meaning(String text, Set<String> names) {
        return names.contains(text) ? SqlNames.quoted(text) : "(\n" + text + "\n)";
    }

    private static Set<String> names(Connection connection, String from) throws SQLException {
        Set<String> names = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet none = statement.executeQuery("SELECT * FROM " + from + " LIMIT 0")) {
            for (int i = 1; i <= none.getMetaData().getColumnCount(); i++) {
                names.add(none.getMetaData().getColumnName(i));
            }
        }
        return names;
    }

    /** Views and foreign tables have rows without versions. */
    private static boolean isTable(Connection connection, String name) throws SQLException {
        try (PreparedStatement kind = connection.prepareStatement(
                "SELECT relkind IN ('r', 'p', 'm') FROM pg_class WHERE oid = to_regclass(?)")) {
            kind.setString(1, name);
            ResultSet found = kind.executeQuery();
            return found.next() && found.getBoolean(1);
        }
    }

    /** Every column of every row. */
    SelectionSql sql() {
        return sql;
    }

    /** The columns that are compared. */
    SelectionSql compared() {
        return compared;
    }

    Map<Key, String> marks(Connection connection, List<Key> keys) throws SQLException {
        Map<Key, String> marks = new HashMap<>();
        if (!marked) {
            return marks;
        }
        String sql = "SELECT " + key.selectTexts() + ", concat_ws(' ', tableoid, xmin, ctid) FROM " + from + " AND "
                + key.in(new KeySelection.Keys(keys)) + " ORDER BY tableoid, ctid";
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            while (found.next()) {
                String version = found.getString(key.shape().types().size() + 1);
                marks.merge(KeyConditions.keyOf(found, key.shape()), version, (one, other) -> one + ", " + other);
            }
        }
        return marks;
    }
}
