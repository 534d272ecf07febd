package dev.backpop.postgres;

import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.KeyShape;
import dev.backpop.row.KeyType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * SQL over the key of one table or query: conditions and order. Text compares in {@code "C"} order on every side, whatever
 * the collations. Immutable.
 *
 * <p>Values are written as literals because COPY takes no parameters.
 */
public final class KeyConditions {
    /** The SQLSTATE of a key with a NULL in it. */
    public static final String NULL_KEY = "22004";

    private final List<String> expressions;
    private final KeyShape shape;

    /** @param expressions the key columns as SQL, in key order */
    public KeyConditions(List<String> expressions, KeyShape shape) {
        if (expressions.size() != shape.types().size()) {
            throw new IllegalArgumentException("expected " + shape.types().size() + " key columns, got " + expressions);
        }
        this.expressions = List.copyOf(expressions);
        this.shape = shape;
    }

    public KeyShape shape() {
        return shape;
    }

    /** The key columns in key order, for ORDER BY. */
    public String order() {
        return String.join(", ", ordered());
    }

    /** The key columns in reverse key order, for ORDER BY. */
    public String descendingOrder() {
        return String.join(" DESC, ", ordered()) + " DESC";
    }

    /**
     * The key columns as text in their canonical form, for a select list.
     *
     * <p>Under names of their own: a result column named like the key column would be what ORDER BY means, and numbers
     * would come in the order of their texts.
     */
    public String selectTexts() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < expressions.size(); i++) {
            texts.add("(" + expressions.get(i) + ")::text AS \"backpop key " + (i + 1) + "\"");
        }
        return String.join(", ", texts);
    }

    /**
     * Whether a row's key equals that of the row before it: false for the first row, NULL where a part of the key is.
     *
     * @param window the name of a window in key order
     */
    public String equalsPrevious(String window) {
        List<String> equal = new ArrayList<>();
        for (String part : ordered()) {
            equal.add("CASE WHEN " + part + " IS NULL THEN NULL ELSE coalesce(" + part + " = lag(" + part + ") OVER "
                    + window + ", false) END");
        }
        return "(" + String.join(" AND ", equal) + ")";
    }

    /**
     * The key of a result's row whose first columns are {@link #selectTexts}.
     *
     * @throws SQLException when a part of the key is NULL
     */
    public static Key keyOf(ResultSet found, KeyShape shape) throws SQLException {
        List<String> parts = new ArrayList<>();
        for (int i = 1; i <= shape.types().size(); i++) {
            String part = found.getString(i);
            if (part == null) {
                throw new SQLException(
                        "the key is NULL in one of the rows; a key must identify every row: leave such rows out with"
                                + " 'where: … IS NOT NULL'",
                        NULL_KEY);
            }
            parts.add(part);
        }
        return new Key(parts);
    }

    /** The condition for the keys of a chunk. */
    public String in(KeySelection selection) {
        if (selection instanceof KeySelection.Keys list) {
            return list.keys().isEmpty() ? "false" : inList(list.keys());
        }
        KeySelection.Range range = (KeySelection.Range) selection;
        return between(range.from(), range.after(), range.last());
    }

    /**
     * The condition for a range.
     *
     * @param from inclusive lower bound; null for none
     * @param after exclusive lower bound; null for none
     * @param upTo inclusive upper bound; null for none
     */
    public String between(@Nullable Key from, @Nullable Key after, @Nullable Key upTo) {
        List<String> conditions = new ArrayList<>();
        if (from != null) {
            conditions.add(compare(">=", from));
            boundFirst(conditions, ">=", from);
        }
        if (after != null) {
            conditions.add(compare(">", after));
            boundFirst(conditions, ">=", after);
        }
        if (upTo != null) {
            conditions.add(compare("<=", upTo));
            boundFirst(conditions, "<=", upTo);
        }
        return conditions.isEmpty() ? "true" : String.join(" AND ", conditions);
    }

    /**
     * The first part of a composite key once more by itself. It follows from the comparison of the whole key, but only this
     * reaches into a query that computes the rows of a first part, such as the tree of a post, when the other parts are
     * computed: without it every chunk would compute the rows of all.
     */
    private void boundFirst(List<String> conditions, String operator, Key key) {
        if (expressions.size() > 1) {
            conditions.add(
                    ordered().get(0) + " " + operator + " " + literals(key).get(0));
        }
    }

    private String compare(String operator, Key key) {
        return tuple(ordered()) + " " + operator + " " + tuple(literals(key));
    }

    private String inList(List<Key> keys) {
        String values = keys.stream()
                .map(key -> "(" + String.join(", ", literals(key)) + ")")
                .collect(Collectors.joining(", "));
        // Text a second time, by code point: a collation that forgives case would bring rows that nobody asked for. The
        // first
        // comparison stays, because only that one can use an index.
        List<String> compared = new ArrayList<>(expressions);
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < expressions.size(); i++) {
            wanted.add("k" + i);
        }
        String names = String.join(", ", wanted);
        for (int i = 0; i < expressions.size(); i++) {
            if (shape.types().get(i) == KeyType.TEXT) {
                compared.add(ordered().get(i));
                wanted.add("k" + i);
            }
        }
        return tuple(compared) + " IN (SELECT " + String.join(", ", wanted) + " FROM (VALUES " + values
                + ") AS wanted (" + names + "))" + inFirst(keys);
    }

    /** As {@link #boundFirst}, for a list. */
    private String inFirst(List<Key> keys) {
        if (expressions.size() == 1) {
            return "";
        }
        String firsts =
                keys.stream().map(key -> literals(key).get(0)).distinct().collect(Collectors.joining(", "));
        return " AND " + expressions.get(0) + " IN (" + firsts + ")";
    }

    private List<String> literals(Key key) {
        List<String> literals = new ArrayList<>();
        for (int i = 0; i < expressions.size(); i++) {
            literals.add(SqlNames.literal(key.parts().get(i)) + "::"
                    + shape.types().get(i).sqlType());
        }
        return literals;
    }

    private List<String> ordered() {
        List<String> ordered = new ArrayList<>();
        for (int i = 0; i < expressions.size(); i++) {
            boolean text = shape.types().get(i) == KeyType.TEXT;
            ordered.add(text ? "(" + expressions.get(i) + ") COLLATE \"C\"" : expressions.get(i));
        }
        return ordered;
    }

    private static String tuple(List<String> parts) {
        return parts.size() == 1 ? parts.get(0) : "(" + String.join(", ", parts) + ")";
    }
}
