package dev.backpop.postgres;

import dev.backpop.row.ColumnType;
import dev.backpop.row.KeySelection;
import java.util.ArrayList;
import java.util.List;

/**
 * One side of a comparison as SQL: the rows of a selection, or digests of them, in key order. Both sides are written by
 * this class, each over its own relation and expressions, and cast to the types of the target. Immutable.
 */
public final class SelectionSql {
    /**
     * One value of a row.
     *
     * @param expression SQL over the relation
     * @param type the type that both sides cast it to
     * @param compared false for a column that is not looked at: its field is NULL on both sides
     */
    public record Column(String expression, ColumnType type, boolean compared) {
        String value() {
            return "CAST(" + expression + " AS " + type.transferName() + ")";
        }

        private String field() {
            return compared ? value() : "NULL::" + type.transferName();
        }
    }

    /**
     * One row of one number, made by every hash that digests use: databases that answer the same hash alike. From
     * PostgreSQL 14 on.
     */
    public static final String DIGEST_PROBE = "SELECT " + RowDigest.probe();

    private final String from;
    private final KeyConditions key;
    private final String columns;
    private final String digest;
    private final String keys;
    private final boolean digestible;

    /**
     * @param from what stands after FROM, ending in a WHERE that AND can follow
     * @param key conditions and order; of the columns' mapping nothing is in it
     * @param keyExpressions the key columns as SQL, in key order
     * @param columns the fields of a row, in order
     */
    public SelectionSql(String from, KeyConditions key, List<String> keyExpressions, List<Column> columns) {
        this.from = from;
        this.key = key;
        List<String> keyValues = new ArrayList<>();
        for (int i = 0; i < keyExpressions.size(); i++) {
            keyValues.add("CAST(" + keyExpressions.get(i) + " AS "
                    + key.shape().types().get(i).sqlType() + ")");
        }
        this.keys = named(keyValues);
        this.columns = named(columns.stream().map(Column::field).toList());
        this.digest = RowDigest.of(columns, keyValues, key.shape());
        this.digestible = RowDigest.possible(columns);
    }

    /** False when the rows have more columns than a digest takes. */
    public boolean digestible() {
        return digestible;
    }

    /** Under names of their own, so that ORDER BY means the relation's columns and not one of these. */
    private static String named(List<String> expressions) {
        List<String> named = new ArrayList<>();
        for (String expression : expressions) {
            named.add(expression + " AS \"backpop field " + (named.size() + 1) + "\"");
        }
        return String.join(", ", named);
    }

    /** The rows of a selection, in key order. */
    public String rows(KeySelection selection) {
        return select(columns, selection) + " ORDER BY " + key.order();
    }

    /** One row: how many rows the selection has, and the sum of their digests, NULL without rows. */
    public String digest(KeySelection selection) {
        return select("count(*), sum(" + digest + ")", selection);
    }

    /** For each row the key, a column for each part in the type that keys are compared in, and the digest; in key order. */
    public String keyDigests(KeySelection selection) {
        return select(keys + ", " + digest, selection) + " ORDER BY " + key.order();
    }

    /** The key of each row of a selection as text, as {@link KeyConditions#keyOf} reads it; in key order. */
    public String keys(KeySelection selection) {
        return select(key.selectTexts(), selection) + " ORDER BY " + key.order();
    }

    private String select(String list, KeySelection selection) {
        return "SELECT " + list + " FROM " + from + " AND " + key.in(selection);
    }
}
