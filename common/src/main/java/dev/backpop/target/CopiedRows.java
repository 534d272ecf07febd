package dev.backpop.target;

import dev.backpop.plan.Entity;
import dev.backpop.postgres.SqlNames;
import dev.backpop.row.Key;
import dev.backpop.row.KeyType;
import dev.backpop.row.RowShape;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Finds rows of a target table that are there a second time under another key: with the same values, as text, in every
 * mapped column that is not of the key. Immutable and thread-safe.
 */
public final class CopiedRows {
    private final TargetTable table;
    private final List<String> keys;
    private final List<KeyType> types;
    private final List<String> content;

    public CopiedRows(Entity entity, TargetTable table, RowShape shape) {
        this.table = table;
        this.keys = TargetTable.keyColumns(entity);
        this.types = shape.key().types();
        this.content = IntStream.range(0, shape.columns().size())
                .filter(i -> !shape.keyIndexes().contains(i))
                .mapToObj(i -> SqlNames.quoted(shape.columns().get(i).name()))
                .toList();
    }

    /**
     * The rows that these are copies of: of each the one with the least key. Rows without any value but NULL, and rows that
     * are alike only among these, have none. Reads the whole table once.
     *
     * @param transaction a connection that does not commit every statement
     * @param copies a bounded number
     * @return the originals' keys by the copies' keys
     */
    public Map<Key, Key> originals(Connection transaction, List<Key> copies) throws SQLException {
        Map<Key, Key> originals = new HashMap<>();
        if (content.isEmpty() || copies.isEmpty()) {
            return originals;
        }
        Map<Key, Long> digests = digests(transaction, copies);
        Map<Long, Key> found = others(transaction, copies, digests);
        List<Key> left = new ArrayList<>();
        List<Key> right = new ArrayList<>();
        digests.forEach((key, digest) -> {
            Key original = found.get(digest);
            if (original != null) {
                left.add(key);
                right.add(original);
            }
        });
        for (int place : alike(transaction, left, right)) {
            originals.put(left.get(place), right.get(place));
        }
        return originals;
    }

    private Map<Key, Long> digests(Connection transaction, List<Key> copies) throws SQLException {
        Map<Key, Long> digests = new HashMap<>();
        try (PreparedStatement select = transaction.prepareStatement("SELECT wanted.place, " + digest("one") + " FROM "
                + wanted("wanted") + " JOIN " + table.sqlName() + " AS one ON " + same("one", "wanted")
                + " WHERE num_nonnulls(" + columns("one") + ") > 0")) {
            bind(select, 1, copies);
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                digests.put(copies.get(rows.getInt(1) - 1), rows.getLong(2));
            }
        }
        return digests;
    }

    /** The least key of each digest, of rows that are not among the copies. */
    private Map<Long, Key> others(Connection transaction, List<Key> copies, Map<Key, Long> digests)
            throws SQLException {
        Map<Long, Key> others = new HashMap<>();
        String parts = keys.stream().map(key -> "one." + key + "::text").collect(Collectors.joining(", "));
        try (Statement setting = transaction.createStatement();
                PreparedStatement select = transaction.prepareStatement(
                        "SELECT digest, min(ARRAY[" + parts + "]) FROM unnest(?) AS digest JOIN " + table.sqlName()
                                + " AS one ON " + digest("one") + " = digest LEFT JOIN " + wanted("wanted") + " ON "
                                + same("one", "wanted") + " WHERE wanted.place IS NULL GROUP BY digest")) {
            // A bad guess of how many rows match would compare every row of the table with every one that is asked for.
            setting.execute("SET LOCAL enable_nestloop = off");
            Object[] distinct = digests.values().stream().distinct().toArray();
            select.setArray(1, transaction.createArrayOf("int8", distinct));
            bind(select, 2, copies);
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                others.put(rows.getLong(1), new Key(List.of((String[])
                        rows.getArray(2).getArray())));
            }
            setting.execute("SET LOCAL enable_nestloop = DEFAULT");
        }
        return others;
    }

    /** The places at which both rows really are alike: digests are of 64 bits. */
    private List<Integer> alike(Connection transaction, List<Key> left, List<Key> right) throws SQLException {
        List<Integer> places = new ArrayList<>();
        String sql = "SELECT l.place FROM " + wanted("l") + " JOIN " + wanted("r") + " ON r.place = l.place JOIN "
                + table.sqlName() + " AS copy ON " + same("copy", "l") + " JOIN " + table.sqlName() + " AS original ON "
                + same("original", "r") + " WHERE " + text("copy") + " = " + text("original");
        try (PreparedStatement select = transaction.prepareStatement(sql)) {
            bind(select, bind(select, 1, left), right);
            ResultSet rows = select.executeQuery();
            while (rows.next()) {
                places.add(rows.getInt(1) - 1);
            }
        }
        return places;
    }

    private String columns(String row) {
        return content.stream().map(column -> row + "." + column).collect(Collectors.joining(", "));
    }

    /** The row's values in PostgreSQL's notation of a row, which tells NULL from an empty text. */
    private String text(String row) {
        return "ROW(" + columns(row) + ")::text";
    }

    private String digest(String row) {
        return "hashtextextended(" + text(row) + ", 0)";
    }

    private String wanted(String alias) {
        String arrays = keys.stream().map(key -> "?::text[]").collect(Collectors.joining(", "));
        String names = IntStream.range(0, keys.size()).mapToObj(i -> "k" + i).collect(Collectors.joining(", "));
        return "unnest(" + arrays + ") WITH ORDINALITY AS " + alias + "(" + names + ", place)";
    }

    private String same(String row, String wanted) {
        List<String> conditions = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            String column = row + "." + keys.get(i);
            String value = wanted + ".k" + i;
            conditions.add(column + " = " + value + "::" + types.get(i).sqlType());
            if (types.get(i) == KeyType.TEXT) {
                // A collation may forgive case, and keys do not.
                conditions.add(column + " COLLATE \"C\" = " + value);
            }
        }
        return String.join(" AND ", conditions);
    }

    /** The place after the last one bound. */
    private int bind(PreparedStatement statement, int first, List<Key> wanted) throws SQLException {
        for (int i = 0; i < keys.size(); i++) {
            int part = i;
            Object[] parts = wanted.stream().map(key -> key.parts().get(part)).toArray();
            statement.setArray(first + i, statement.getConnection().createArrayOf("text", parts));
        }
        return first + keys.size();
    }
}
