package dev.backpop.target;

import dev.backpop.postgres.SqlNames;
import dev.backpop.row.ColumnType;
import dev.backpop.row.KeyType;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads target tables from the database's catalogue. */
public final class TargetCatalogue {
    /** Object ids below this are PostgreSQL's own types, known to every server ({@code FirstNormalObjectId}). */
    private static final int FIRST_USER_OID = 16_384;

    private static final int BPCHAR_OID = 1042;
    private static final int BIT_OID = 1560;

    private static final String COLUMNS = """
            WITH RECURSIVE base(attnum, oid, not_null) AS (
                SELECT attnum, atttypid, attnotnull FROM pg_attribute WHERE attrelid = ?::oid
                UNION ALL
                SELECT base.attnum, typbasetype, base.not_null OR typnotnull
                FROM base JOIN pg_type ON pg_type.oid = base.oid WHERE typtype = 'd'
            )
            SELECT a.attname, t.oid, format_type(t.oid, NULL) AS sql_name, format_type(a.atttypid, a.atttypmod) AS declared,
                CASE WHEN t.oid = 1043 THEN greatest(coalesce(nullif(a.atttypmod, -1), nullif(dt.typtypmod, -1), 4) - 4, 0)
                    ELSE 0 END AS max_characters,
                coalesce((SELECT quote_ident(n.nspname) || '.' || quote_ident(c.collname)
                    FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
                    WHERE c.oid = a.attcollation AND c.collname <> 'default'), '') AS collation,
                bool_or(base.not_null) OVER (PARTITION BY a.attnum) AS not_null,
                a.atthasdef OR a.attidentity <> '' OR dt.typdefault IS NOT NULL AS has_default,
                a.attgenerated <> '' AS generated, a.attidentity = 'a' AS always_identity
            FROM pg_attribute a
            JOIN pg_type dt ON dt.oid = a.atttypid
            JOIN base ON base.attnum = a.attnum
            JOIN pg_type t ON t.oid = base.oid AND t.typtype <> 'd'
            WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum
            """;

    private static final String UNIQUE_KEYS = """
            SELECT i.indisprimary, array_agg(a.attname::text ORDER BY k.position) AS names
            FROM pg_index i
            CROSS JOIN LATERAL unnest(i.indkey[0:i.indnkeyatts - 1]) WITH ORDINALITY AS k(attnum, position)
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
            WHERE i.indrelid = ?::oid AND i.indisunique AND i.indisvalid AND i.indimmediate
                AND i.indpred IS NULL AND i.indexprs IS NULL
            GROUP BY i.indexrelid, i.indisprimary
            """;

    private static final String FOREIGN_KEYS = """
            SELECT f.conname, n.nspname, c.relname,
                array_agg(a.attname::text ORDER BY k.position) AS columns,
                array_agg(p.attname::text ORDER BY k.position) AS referenced,
                array_agg(p.atttypid::int8 ORDER BY k.position) AS types
            FROM pg_constraint f JOIN pg_class c ON c.oid = f.confrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            CROSS JOIN LATERAL unnest(f.conkey, f.confkey) WITH ORDINALITY AS k(attnum, referenced, position)
            JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.attnum
            JOIN pg_attribute p ON p.attrelid = f.confrelid AND p.attnum = k.referenced
            WHERE f.contype = 'f' AND f.conparentid = 0 AND f.conrelid = ?::oid
            GROUP BY f.oid, f.conname, n.nspname, c.relname ORDER BY f.conname
            """;

    private TargetCatalogue() {}

    /**
     * The table of that name, by the search path when the name has no schema; empty when there is none.
     *
     * @throws IllegalArgumentException when the name is malformed
     */
    public static Optional<TargetTable> table(Connection connection, String name) throws SQLException {
        long oid;
        String sqlName;
        try (PreparedStatement find = connection.prepareStatement("""
                SELECT c.oid, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.oid = to_regclass(?) AND c.relkind IN ('r', 'p')
                """)) {
            find.setString(1, SqlNames.table(name));
            ResultSet found = find.executeQuery();
            if (!found.next()) {
                return Optional.empty();
            }
            oid = found.getLong(1);
            sqlName = SqlNames.quoted(found.getString(2)) + "." + SqlNames.quoted(found.getString(3));
        }
        Set<Set<String>> uniqueKeys = new HashSet<>();
        List<String> primaryKey = new ArrayList<>();
        try (PreparedStatement keys = connection.prepareStatement(UNIQUE_KEYS)) {
            keys.setLong(1, oid);
            ResultSet found = keys.executeQuery();
            while (found.next()) {
                List<String> names = strings(found.getArray("names"));
                uniqueKeys.add(Set.copyOf(names));
                if (found.getBoolean("indisprimary")) {
                    primaryKey.addAll(names);
                }
            }
        }
        return Optional.of(new TargetTable(
                name, sqlName, columns(connection, oid), uniqueKeys, primaryKey, foreignKeys(connection, oid)));
    }

    private static List<ForeignKey> foreignKeys(Connection connection, long oid) throws SQLException {
        List<ForeignKey> foreignKeys = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(FOREIGN_KEYS)) {
            select.setLong(1, oid);
            ResultSet found = select.executeQuery();
            while (found.next()) {
                List<Optional<KeyType>> types = new ArrayList<>();
                for (Long type : (Long[]) found.getArray("types").getArray()) {
                    types.add(KeyType.ofOid(type.intValue()));
                }
                foreignKeys.add(new ForeignKey(
                        found.getString("conname"),
                        strings(found.getArray("columns")),
                        SqlNames.quoted(found.getString("nspname")) + "." + SqlNames.quoted(found.getString("relname")),
                        strings(found.getArray("referenced")),
                        types));
            }
        }
        return foreignKeys;
    }

    private static List<TargetColumn> columns(Connection connection, long oid) throws SQLException {
        List<TargetColumn> columns = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(COLUMNS)) {
            select.setLong(1, oid);
            select.setLong(2, oid);
            ResultSet found = select.executeQuery();
            while (found.next()) {
                int type = found.getInt("oid");
                // Without a length SQL reads these names as one character and one bit, and a cast would cut.
                String typeName = switch (type) {
                    case BPCHAR_OID -> "pg_catalog.bpchar";
                    case BIT_OID -> "pg_catalog.\"bit\"";
                    default -> found.getString("sql_name");
                };
                columns.add(new TargetColumn(
                        found.getString("attname"),
                        new ColumnType(type, typeName, found.getString("declared"), type >= FIRST_USER_OID),
                        found.getInt("max_characters"),
                        found.getString("collation"),
                        found.getBoolean("not_null"),
                        found.getBoolean("has_default"),
                        found.getBoolean("generated"),
                        found.getBoolean("always_identity")));
            }
        }
        return columns;
    }

    private static List<String> strings(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
