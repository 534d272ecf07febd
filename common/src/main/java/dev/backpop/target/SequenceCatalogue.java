package dev.backpop.target;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads from the database's catalogue which sequences fill columns of a target table. */
public final class SequenceCatalogue {
    /** {@code int8}, {@code int2} and {@code int4}. */
    private static final Set<Integer> INTEGERS = Set.of(20, 21, 23);

    private static final String SEQUENCES = """
            WITH linked(attnum, oid) AS (
                -- Owned, as by serial, and of an identity column.
                SELECT refobjsubid, objid FROM pg_depend
                WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass
                    AND refobjid = to_regclass(?) AND refobjsubid > 0 AND deptype IN ('a', 'i')
                UNION
                SELECT x.adnum, d.refobjid FROM pg_attrdef x
                JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = x.oid
                WHERE d.refclassid = 'pg_class'::regclass AND x.adrelid = to_regclass(?)
                UNION
                -- Named by a text that is looked up at every insert, which leaves no dependency.
                SELECT x.adnum, to_regclass(replace(named[1], '''''', ''''))::oid FROM pg_attrdef x
                CROSS JOIN LATERAL regexp_matches(
                    pg_get_expr(x.adbin, x.adrelid), 'nextval\\(\\(+''((?:[^'']|'''')+)''::text', 'g') AS named
                WHERE x.adrelid = to_regclass(?)
            )
            SELECT DISTINCT a.attname, format('%I.%I', n.nspname, c.relname) AS sequence,
                s.seqincrement, s.seqmin, s.seqmax, s.seqcycle
            FROM linked JOIN pg_class c ON c.oid = linked.oid AND c.relkind = 'S'
            JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_sequence s ON s.seqrelid = c.oid
            JOIN pg_attribute a ON a.attrelid = to_regclass(?) AND a.attnum = linked.attnum
            ORDER BY a.attname, sequence
            """;

    private SequenceCatalogue() {}

    /** Sequences that integer columns own or take their default from, mapped or not, by column. */
    public static List<ColumnSequence> sequences(Connection connection, TargetTable table) throws SQLException {
        List<ColumnSequence> sequences = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(SEQUENCES)) {
            for (int i = 1; i <= 4; i++) {
                select.setString(i, table.sqlName());
            }
            ResultSet found = select.executeQuery();
            while (found.next()) {
                String column = found.getString("attname");
                boolean integer = table.column(column)
                        .filter(one -> INTEGERS.contains(one.type().oid()))
                        .isPresent();
                if (integer) {
                    sequences.add(new ColumnSequence(
                            table.sqlName(),
                            column,
                            found.getString("sequence"),
                            found.getLong("seqincrement"),
                            found.getLong("seqmin"),
                            found.getLong("seqmax"),
                            found.getBoolean("seqcycle")));
                }
            }
        }
        return sequences;
    }
}
