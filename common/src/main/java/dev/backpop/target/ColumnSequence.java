package dev.backpop.target;

import dev.backpop.postgres.SqlNames;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * A sequence that fills an integer column of a target table. Immutable.
 *
 * @param table the target table, quoted, with its schema
 * @param column unquoted
 * @param sequence quoted where need be, with its schema
 * @param increment never 0; below 0 the sequence counts down
 * @param minimum the least value that it gives
 * @param maximum the greatest
 */
public record ColumnSequence(
        String table, String column, String sequence, long increment, long minimum, long maximum, boolean cycles) {
    /**
     * Where the two stand.
     *
     * @param furthest the column's greatest value, its least where the sequence counts down; null when it has none
     * @param next what the sequence gives next
     */
    public record Standing(@Nullable BigInteger furthest, BigInteger next) {}

    /** Looks at the column first: a sequence only moves on, so that rows that come meanwhile are no reason to worry. */
    public Standing standing(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            BigDecimal furthest;
            try (ResultSet found = statement.executeQuery("SELECT " + furthest() + "::numeric FROM " + table)) {
                found.next();
                furthest = found.getBigDecimal(1);
            }
            try (ResultSet found = statement.executeQuery("SELECT last_value, is_called FROM " + sequence)) {
                found.next();
                BigInteger last = BigInteger.valueOf(found.getLong(1));
                return new Standing(
                        furthest == null ? null : furthest.toBigInteger(),
                        found.getBoolean(2) ? last.add(BigInteger.valueOf(increment)) : last);
            }
        }
    }

    /** Whether the next value is beyond the column's furthest by more than the margin. */
    public boolean isAhead(Standing standing, long margin) {
        BigInteger furthest = standing.furthest();
        if (furthest == null) {
            return true;
        }
        BigInteger distance = standing.next().subtract(furthest);
        return (increment > 0 ? distance : distance.negate()).compareTo(BigInteger.valueOf(margin)) > 0;
    }

    /** Whether there is no next value. */
    public boolean isExhausted(Standing standing) {
        return !cycles
                && (standing.next().compareTo(BigInteger.valueOf(maximum)) > 0
                        || standing.next().compareTo(BigInteger.valueOf(minimum)) < 0);
    }

    /** Whether it can be put ahead: there is a value beyond the column's furthest and the margin, within its bounds. */
    public boolean reaches(Standing standing, long margin) {
        BigInteger furthest = standing.furthest();
        if (furthest == null || cycles) {
            return true;
        }
        BigInteger beyond = BigInteger.valueOf(margin).add(BigInteger.valueOf(Math.abs(increment)));
        return increment > 0
                ? furthest.add(beyond).compareTo(BigInteger.valueOf(maximum)) <= 0
                : furthest.subtract(beyond).compareTo(BigInteger.valueOf(minimum)) >= 0;
    }

    /** The statement that puts the sequence ahead; it never takes it back. */
    public String mend(long margin) {
        String beyond = margin == 0 ? "" : (increment > 0 ? " + " : " - ") + margin;
        return "SELECT setval(" + SqlNames.literal(sequence) + ", (SELECT " + (increment > 0 ? "greatest" : "least")
                + "((SELECT " + furthest() + " FROM " + table + ")" + beyond + ", last_value) FROM " + sequence + "))";
    }

    private String furthest() {
        return (increment > 0 ? "max(" : "min(") + SqlNames.quoted(column) + ")";
    }
}
