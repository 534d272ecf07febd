package dev.backpop.target;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Reads from the database's catalogue which foreign keys bind a target table, and whether they are in force. */
public final class ReferenceCatalogue {
    /**
     * A constraint stands once for the whole of a partitioned table: those that its partitions inherit are below it, and
     * say of each whether its triggers are on.
     */
    private static final String REFERENCES = """
            WITH RECURSIVE family(oid) AS (
                SELECT to_regclass(?)::oid
                UNION
                SELECT i.inhrelid FROM family JOIN pg_inherits i ON i.inhparent = family.oid
                JOIN pg_class c ON c.oid = i.inhrelid AND c.relispartition
            ), bound(oid) AS (
                SELECT oid FROM pg_constraint WHERE contype = 'f'
                    AND (conrelid IN (SELECT oid FROM family) OR confrelid IN (SELECT oid FROM family))
            ), tree(root, oid) AS (
                SELECT f.oid, f.oid FROM bound JOIN pg_constraint f ON f.oid = bound.oid
                WHERE f.conparentid NOT IN (SELECT oid FROM bound)
                UNION ALL
                SELECT tree.root, f.oid FROM tree JOIN pg_constraint f ON f.conparentid = tree.oid
            ), standing AS (
                -- Not every version has the columns that are read by name.
                SELECT tree.root, bool_and(f.convalidated) AS validated,
                    bool_and(coalesce((to_jsonb(f) ->> 'conenforced')::boolean, true)) AS enforced,
                    (SELECT array_agg(DISTINCT t.tgrelid::regclass::text) FROM tree AS part
                        JOIN pg_trigger t ON t.tgconstraint = part.oid
                        WHERE part.root = tree.root AND t.tgenabled IN ('D', 'R')) AS disabled
                FROM tree JOIN pg_constraint f ON f.oid = tree.oid GROUP BY tree.root
            )
            SELECT f.conname, f.conrelid IN (SELECT oid FROM family) AS own,
                format('%I.%I', cn.nspname, c.relname) AS child, c.relkind = 'p' AS child_partitioned,
                format('%I.%I', pn.nspname, p.relname) AS parent, p.relkind = 'p' AS parent_partitioned,
                f.confmatchtype = 'f' AS match_full,
                coalesce((to_jsonb(f) ->> 'conperiod')::boolean, false) AS over_periods,
                standing.validated, standing.enforced, coalesce(standing.disabled, '{}') AS disabled,
                (SELECT array_agg(a.attname::text ORDER BY k.place)
                    FROM unnest(f.conkey) WITH ORDINALITY AS k(attnum, place)
                    JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.attnum) AS columns,
                (SELECT array_agg(a.attname::text ORDER BY k.place)
                    FROM unnest(f.confkey) WITH ORDINALITY AS k(attnum, place)
                    JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.attnum) AS referenced,
                coalesce((SELECT array_agg(a.attname::text ORDER BY k.place) FROM pg_constraint AS own
                    CROSS JOIN LATERAL unnest(own.conkey) WITH ORDINALITY AS k(attnum, place)
                    JOIN pg_attribute a ON a.attrelid = own.conrelid AND a.attnum = k.attnum
                    WHERE own.contype = 'p' AND own.conrelid = f.conrelid), '{}') AS primary_key
            FROM standing JOIN pg_constraint f ON f.oid = standing.root
            JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace cn ON cn.oid = c.relnamespace
            JOIN pg_class p ON p.oid = f.confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
            ORDER BY own DESC, f.conname, child
            """;

    private static final String REPLICA_ROLE = """
            SELECT current_setting('session_replication_role') = 'replica' OR EXISTS (
                SELECT FROM pg_db_role_setting AS s CROSS JOIN LATERAL unnest(s.setconfig) AS setting
                WHERE setting = 'session_replication_role=replica' AND s.setdatabase IN (
                    0, (SELECT oid FROM pg_database WHERE datname = current_database())))
            """;

    private ReferenceCatalogue() {}

    /** The foreign keys of a table and of its partitions, and those of others to them; its own first, by name. */
    public static List<Reference> references(Connection connection, TargetTable table) throws SQLException {
        List<Reference> references = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(REFERENCES)) {
            select.setString(1, table.sqlName());
            ResultSet found = select.executeQuery();
            while (found.next()) {
                references.add(new Reference(
                        found.getString("conname"),
                        found.getBoolean("own"),
                        new Reference.Side(found.getString("child"), found.getBoolean("child_partitioned")),
                        strings(found.getArray("primary_key")),
                        strings(found.getArray("columns")),
                        new Reference.Side(found.getString("parent"), found.getBoolean("parent_partitioned")),
                        strings(found.getArray("referenced")),
                        found.getBoolean("match_full"),
                        found.getBoolean("over_periods"),
                        found.getBoolean("validated"),
                        found.getBoolean("enforced"),
                        strings(found.getArray("disabled"))));
            }
        }
        return references;
    }

    /**
     * Whether sessions of this database are set to {@code session_replication_role = replica}, ours or some user's: then
     * triggers, and with them foreign keys, are off for what they write.
     */
    public static boolean someoneIsReplica(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(REPLICA_ROLE)) {
            found.next();
            return found.getBoolean(1);
        }
    }

    private static List<String> strings(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
