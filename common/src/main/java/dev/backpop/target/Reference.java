package dev.backpop.target;

import dev.backpop.postgres.SqlNames;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A foreign key of a target table, or of another table to it, and whether the database vouches for it. Immutable.
 *
 * @param name of the constraint
 * @param own true when it is the target table's own, or that of a partition
 * @param child the table that refers
 * @param key the columns of that table's primary key; empty when it has none
 * @param columns the columns that refer, in the constraint's order
 * @param parent the table they point to
 * @param referenced the columns they point to, in the same order
 * @param matchFull whether either all or none of the columns must be NULL
 * @param overPeriods whether the last column is a period that those of the parent must cover
 * @param validated false when rows may be older than the constraint ({@code NOT VALID})
 * @param enforced false when the constraint is only declared ({@code NOT ENFORCED})
 * @param disabledOn the tables on which its triggers are switched off
 */
public record Reference(
        String name,
        boolean own,
        Side child,
        List<String> key,
        List<String> columns,
        Side parent,
        List<String> referenced,
        boolean matchFull,
        boolean overPeriods,
        boolean validated,
        boolean enforced,
        List<String> disabledOn) {
    public Reference {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
        referenced = List.copyOf(referenced);
        disabledOn = List.copyOf(disabledOn);
    }

    /**
     * A table at one end.
     *
     * @param sqlName quoted where need be, with its schema
     * @param partitioned whether its rows are those of its partitions
     */
    public record Side(String sqlName, boolean partitioned) {
        /** Rows of tables that inherit from it, and are no partitions, are not bound by its constraints. */
        private String rows() {
            return partitioned ? sqlName : "ONLY " + sqlName;
        }
    }

    /**
     * Rows without their parent.
     *
     * @param example one of them in words; empty when there are none
     */
    public record Orphans(long rows, String example) {}

    /** Counts the rows whose parent is not there, by a join of both tables. */
    public Orphans orphans(Connection connection) throws SQLException {
        String select = "SELECT " + example() + " AS example FROM " + child.rows() + " AS child WHERE ";
        String orphans = select + each(columns, column -> column + " IS NOT NULL", " AND ")
                + " AND NOT EXISTS (SELECT FROM " + parent.rows() + " AS parent WHERE " + joined() + ")";
        if (matchFull && columns.size() > 1) {
            orphans += " UNION ALL " + select + "num_nulls(" + each(columns, column -> column, ", ")
                    + ") BETWEEN 1 AND " + (columns.size() - 1);
        }
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(
                        "SELECT count(*), coalesce(min(example), '') FROM (" + orphans + ") AS orphan")) {
            found.next();
            return new Orphans(found.getLong(1), found.getString(2));
        }
    }

    private String joined() {
        List<String> conditions = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            conditions.add(
                    "parent." + SqlNames.quoted(referenced.get(i)) + " = child." + SqlNames.quoted(columns.get(i)));
        }
        return String.join(" AND ", conditions);
    }

    private String example() {
        String refers = SqlNames.literal("(" + String.join(", ", columns) + ") = (") + " || "
                + each(columns, Reference::text, " || ', ' || ") + " || ')'";
        if (key.isEmpty()) {
            return refers;
        }
        return SqlNames.literal("(" + String.join(", ", key) + ") = (") + " || "
                + each(key, Reference::text, " || ', ' || ") + " || ') refers to ' || " + refers;
    }

    private static String text(String column) {
        return "coalesce(" + column + "::text, 'NULL')";
    }

    private static String each(List<String> columns, UnaryOperator<String> sql, String between) {
        return String.join(
                between,
                columns.stream()
                        .map(column -> sql.apply("child." + SqlNames.quoted(column)))
                        .toList());
    }
}
