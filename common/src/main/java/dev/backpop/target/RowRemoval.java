package dev.backpop.target;

import dev.backpop.plan.Entity;
import dev.backpop.plan.Guard;
import dev.backpop.postgres.KeyConditions;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.postgres.SqlNames;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.RowShape;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Removes target rows that the legacy store does not have, where nobody else has a say in them. Immutable and thread-safe;
 * each call works on the connection it is given.
 */
public final class RowRemoval {
    private final String session;
    private final KeyConditions key;
    private final String table;
    /** SQL over the row {@code t} with a place for the fence: true when it may go. */
    private final String allowed;

    private RowRemoval(KeyConditions key, TouchTable touches, String table, String allowed) {
        this.session = touches.session();
        this.key = key;
        this.table = table;
        this.allowed = allowed;
    }

    /**
     * For the closing sweep: rows that only this campaign wrote, which means since it was created and the triggers were
     * installed, and without a touch of their key, or after others deleted what was there. Rows that were there before are
     * nobody's to remove. When the table was rewritten since, nobody can tell, and none may go.
     *
     * <p>What others write past the triggers ({@code session_replication_role}) cannot be told from ours.
     *
     * @param campaignId as the ledger in the same database has it
     * @param table must hold every column of the shape
     */
    public static RowRemoval closing(String campaignId, String plan, Entity entity, TargetTable table, RowShape shape) {
        TouchTable touches = TouchTable.of(plan, entity, table);
        // A row names its writer by the lower half of a transaction id; counted back from the next one it is whole
        // again.
        String next = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint";
        String writer = next + " - ((" + next + " - t.xmin::text::bigint) & 4294967295)";
        String marked = " FROM " + touches.marks() + " AS marks WHERE marks.mark = 'installed')";
        // 0 to 2 are marks, such as that of a row frozen by an upgrade, and no transactions.
        String ours = "t.xmin::text::bigint > 2 AND " + writer + " >= (SELECT created_xid::text::bigint FROM"
                + " backpop.campaign WHERE id = " + SqlNames.literal(campaignId) + ") AND " + writer
                + " >= (SELECT marks.xid::text::bigint" + marked + " AND (SELECT marks.files" + marked + " = "
                + touches.files() + " AND NOT EXISTS (" + touch(touches) + " AND NOT touch." + touches.own("deleted")
                + ")";
        return new RowRemoval(key(entity, shape), touches, table.sqlName(), ours);
    }

    /**
     * Why {@link #closing} has to leave rows of the campaign where they are that it might have removed otherwise.
     *
     * @param campaignId as the ledger in the same database has it
     * @return empty when it need not, or when no touches are recorded at all
     */
    public static Optional<String> closingHindrance(
            Connection connection, String campaignId, String plan, Entity entity, TargetTable table)
            throws SQLException {
        TouchTable touches = TouchTable.of(plan, entity, table);
        try (Statement statement = connection.createStatement()) {
            ResultSet there =
                    statement.executeQuery("SELECT to_regclass(" + SqlNames.literal(touches.marks()) + ") IS NOT NULL");
            there.next();
            if (!there.getBoolean(1)) {
                return Optional.empty();
            }
            ResultSet mark = statement.executeQuery("SELECT marks.files IS DISTINCT FROM " + touches.files()
                    + ", marks.xid > (SELECT created_xid FROM backpop.campaign WHERE id = "
                    + SqlNames.literal(campaignId) + "), date_trunc('second', marks.touched_at)::text FROM "
                    + touches.marks() + " AS marks WHERE marks.mark = 'installed'");
            if (!mark.next()) {
                return Optional.empty();
            }
            String installedAt = mark.getString(3);
            if (mark.getBoolean(1)) {
                return Optional.of("none of the rows of " + table.sqlName()
                        + " could be removed, for it was rewritten (as by"
                        + " ALTER TYPE, VACUUM FULL or CLUSTER) after its triggers were installed at " + installedAt
                        + ", which hides who wrote what");
            }
            return mark.getBoolean(2)
                    ? Optional.of(
                            "no row could be removed that was written before " + installedAt + ", when the triggers on "
                                    + table.sqlName() + " were installed anew: who else touched it before is not known")
                    : Optional.empty();
        }
    }

    /**
     * For a repair: rows that nobody has touched since the fence, whoever wrote them; with guard {@code overwrite}, under
     * which nobody else writes, every row.
     *
     * @param table must hold every column of the shape
     */
    public static RowRemoval repairing(String plan, Entity entity, TargetTable table, RowShape shape) {
        TouchTable touches = TouchTable.of(plan, entity, table);
        if (entity.guard() instanceof Guard.Overwrite) {
            return new RowRemoval(key(entity, shape), touches, table.sqlName(), "true");
        }
        String unseen = TouchRule.REPAIR.blocks("touch." + touches.own("xid"), "", FENCE);
        return new RowRemoval(
                key(entity, shape), touches, table.sqlName(), "NOT EXISTS (" + touch(touches) + " AND " + unseen + ")");
    }

    private static final String FENCE = "\u0001";

    private static KeyConditions key(Entity entity, RowShape shape) {
        return new KeyConditions(
                TargetTable.keyColumns(entity).stream()
                        .map(column -> "t." + column)
                        .toList(),
                shape.key());
    }

    private static String touch(TouchTable touches) {
        return "SELECT FROM " + touches.touches() + " AS touch WHERE "
                + touches.keys().stream()
                        .map(column -> "touch." + column + " = t." + column)
                        .collect(Collectors.joining(" AND "));
    }

    private String these(KeySelection selection, Fence fence) {
        return " FROM " + table + " AS t WHERE " + key.in(selection) + " AND "
                + allowed.replace(FENCE, "CAST(" + SqlNames.literal(fence.snapshot()) + " AS pg_snapshot)");
    }

    /** The keys of those of the rows that may go. */
    public List<Key> removable(Connection connection, KeySelection selection, Fence fence) throws SQLException {
        List<Key> keys = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT " + key.selectTexts() + these(selection, fence))) {
            while (found.next()) {
                keys.add(KeyConditions.keyOf(found, key.shape()));
            }
        }
        return keys;
    }

    /** A row that could not be removed, such as one that others refer to. */
    public record Refused(Key key, SQLException reason) {}

    /** Rows of other tables that would go or change with one of ours, unseen by any guard, keep it where it is. */
    private static final String CASCADES = """
            SELECT f.conname, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS child,
                string_agg('child.' || quote_ident(a.attname) || ' = t.' || quote_ident(p.attname), ' AND ') AS refers
            FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            CROSS JOIN LATERAL unnest(f.conkey, f.confkey) AS k(attnum, referenced)
            JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.attnum
            JOIN pg_attribute p ON p.attrelid = f.confrelid AND p.attnum = k.referenced
            WHERE f.contype = 'f' AND f.conparentid = 0 AND f.confdeltype IN ('c', 'n', 'd')
                AND f.confrelid = to_regclass(?)
            GROUP BY f.oid, f.conname, n.nspname, c.relname
            """;

    private Set<Key> referredTo(Connection transaction, List<Key> keys, List<Refused> refused) throws SQLException {
        Set<Key> found = new HashSet<>();
        try (PreparedStatement cascades = transaction.prepareStatement(CASCADES)) {
            cascades.setString(1, table);
            ResultSet children = cascades.executeQuery();
            while (children.next()) {
                String child = children.getString("child");
                try (Statement statement = transaction.createStatement();
                        ResultSet rows = statement.executeQuery("SELECT " + key.selectTexts() + " FROM " + table
                                + " AS t WHERE " + key.in(new KeySelection.Keys(keys)) + " AND EXISTS (SELECT FROM "
                                + child + " AS child WHERE " + children.getString("refers") + ")")) {
                    while (rows.next()) {
                        Key one = KeyConditions.keyOf(rows, key.shape());
                        if (found.add(one)) {
                            refused.add(new Refused(
                                    one,
                                    new SQLException(
                                            "rows of " + child + " refer to it by " + children.getString("conname")
                                                    + " and would go or change with it",
                                            "23503")));
                        }
                    }
                }
            }
        }
        return found;
    }

    /**
     * Removes those of the rows that may still go once they are locked.
     *
     * @param keys which the legacy store did not have after they were found {@link #removable}
     * @param fence taken before they were looked for
     * @param refused gets the rows that the target does not let go
     * @return how many were removed
     * @throws SQLException when the failure is not a row's fault; roll the transaction back then
     */
    public long remove(Connection transaction, List<Key> keys, Fence fence, List<Refused> refused) throws SQLException {
        if (keys.isEmpty()) {
            return 0;
        }
        Set<Key> stay = referredTo(transaction, keys, refused);
        return removeAlone(
                transaction, keys.stream().filter(key -> !stay.contains(key)).toList(), fence, refused);
    }

    private long removeAlone(Connection transaction, List<Key> keys, Fence fence, List<Refused> refused)
            throws SQLException {
        if (keys.isEmpty()) {
            return 0;
        }
        Savepoint savepoint = transaction.setSavepoint();
        try (Statement statement = transaction.createStatement()) {
            KeySelection selection = new KeySelection.Keys(keys);
            statement.execute(session);
            // Whoever holds a row now has committed when the lock is ours, and the next statement sees what they
            // touched.
            statement.execute("SELECT FROM " + table + " AS t WHERE " + key.in(selection) + " ORDER BY " + key.order()
                    + " FOR UPDATE");
            long removed = statement.executeLargeUpdate("DELETE" + these(selection, fence));
            transaction.releaseSavepoint(savepoint);
            return removed;
        } catch (SQLException e) {
            if (SqlFailure.of(e) != SqlFailure.ROW) {
                throw e;
            }
            transaction.rollback(savepoint);
            transaction.releaseSavepoint(savepoint);
            if (keys.size() == 1) {
                refused.add(new Refused(keys.get(0), e));
                return 0;
            }
        }
        int half = keys.size() / 2;
        return removeAlone(transaction, keys.subList(0, half), fence, refused)
                + removeAlone(transaction, keys.subList(half, keys.size()), fence, refused);
    }
}
