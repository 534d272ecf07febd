package dev.backpop.target;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The SQL that keeps staged rows from what others have touched.
 *
 * <p>A key is out of bounds when its last touch is, by the rule; a key without a touch of its own, when the table was
 * truncated, which deletes every key. Whatever is out of bounds for a fence stays so.
 *
 * @param leaveOut takes such rows off the staging table; answers with one row: how many, and how many of them are equal
 * @param touched whether a staged row is out of bounds now, and whether touches have been recorded ever since the fence
 */
record FenceStatements(String leaveOut, String touched) {
    /** The state of a transaction that has to be run again. */
    private static final String AGAIN = "40001";

    /** Rows that stay as they are: how many, and how many of them are what would have been written. */
    record LeftOut(long rows, long unchanged) {}

    /**
     * @param rule what a touch forbids
     * @param stage the staging table
     * @param typed its columns in their target types, for a select list
     * @param join where a target row {@code t} is that of a staged row {@code s}
     * @param differs where they are not equal
     */
    static FenceStatements of(
            TouchRule rule,
            TouchTable touches,
            TargetTable table,
            String stage,
            List<String> typed,
            String join,
            String differs) {
        String snapshot = "(SELECT snapshot FROM fence)";
        String found = " FROM s LEFT JOIN " + touches.touches() + " AS touch ON " + on(touches) + " LEFT JOIN "
                + touches.marks() + " AS truncation ON truncation.mark = 'truncated' WHERE CASE WHEN touch."
                + touches.own("xid") + " IS NULL THEN truncation.xid IS NOT NULL AND ("
                + rule.blocks("truncation.xid", "true", snapshot)
                + ") ELSE " + rule.blocks("touch." + touches.own("xid"), "touch." + touches.own("deleted"), snapshot)
                + " END";
        String staged =
                "WITH fence AS MATERIALIZED (SELECT CAST(? AS pg_snapshot) AS snapshot), s AS MATERIALIZED (SELECT ctid AS \"backpop row\", "
                        + String.join(", ", typed) + " FROM pg_temp." + stage + ")";
        return new FenceStatements(
                staged + ", blocked AS MATERIALIZED (SELECT s.*" + found + "), gone AS (DELETE FROM pg_temp." + stage
                        + " WHERE ctid = ANY (ARRAY(SELECT \"backpop row\" FROM blocked)))"
                        + " SELECT count(*), count(*) FILTER (WHERE t."
                        + touches.keys().get(0)
                        + " IS NOT NULL AND NOT (" + differs + ")) FROM blocked AS s LEFT JOIN " + table.sqlName()
                        + " AS t ON " + join,
                staged + " SELECT EXISTS (SELECT" + found + "), coalesce((SELECT pg_visible_in_snapshot(xid," + " "
                        + snapshot + ") FROM " + touches.marks() + " WHERE mark = 'installed'), false)");
    }

    private static String on(TouchTable touches) {
        return IntStream.range(0, touches.keys().size())
                .mapToObj(i -> "touch." + touches.keys().get(i) + " = s."
                        + touches.keys().get(i))
                .collect(Collectors.joining(" AND "));
    }

    LeftOut leaveOut(Connection transaction, Fence fence) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(leaveOut)) {
            statement.setString(1, fence.snapshot());
            ResultSet counts = statement.executeQuery();
            counts.next();
            return new LeftOut(counts.getLong(1), counts.getLong(2));
        }
    }

    /**
     * True when somebody has touched a staged key meanwhile. To be asked in a statement of its own after the rows are
     * written: those who held one of them have committed then, and those who come later wait for us.
     *
     * @throws SQLException when touches were not recorded all the time
     */
    boolean touched(Connection transaction, Fence fence) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(touched)) {
            statement.setString(1, fence.snapshot());
            ResultSet answer = statement.executeQuery();
            answer.next();
            if (!answer.getBoolean(2)) {
                throw new SQLException(
                        "the triggers that record live touches were installed after the rows were fetched", AGAIN);
            }
            return answer.getBoolean(1);
        }
    }
}
