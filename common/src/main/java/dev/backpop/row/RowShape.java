package dev.backpop.row;

import java.util.ArrayList;
import java.util.List;

/**
 * The columns of a row on its way to the target, in order, and which of them are the key. Immutable.
 *
 * @param columns the mapped target columns, key columns included
 * @param keyIndexes the positions of the key columns, in key order
 * @param key the types of the key columns
 */
public record RowShape(List<Column> columns, List<Integer> keyIndexes, KeyShape key) {
    /** One mapped target column. */
    public record Column(String name, ColumnType type) {}

    public RowShape {
        columns = List.copyOf(columns);
        keyIndexes = List.copyOf(keyIndexes);
        if (keyIndexes.size() != key.types().size()) {
            throw new IllegalArgumentException("expected " + keyIndexes.size() + " key types, got " + key.types());
        }
    }

    /** The names of the key columns, in key order. */
    public List<String> keyColumns() {
        return keyIndexes.stream().map(i -> columns.get(i).name()).toList();
    }

    /** False when a key column is null. */
    public boolean hasKey(Row row) {
        return keyIndexes.stream().noneMatch(index -> row.field(index) == null);
    }

    /**
     * The key of a row.
     *
     * @throws IllegalArgumentException when a key column is null
     */
    public Key keyOf(Row row) {
        List<String> parts = new ArrayList<>(keyIndexes.size());
        for (int index : keyIndexes) {
            byte[] field = row.field(index);
            if (field == null) {
                throw new IllegalArgumentException(
                        "key column " + columns.get(index).name() + " is null");
            }
            parts.add(BinaryValues.keyText(columns.get(index).type().transferOid(), field));
        }
        return new Key(parts);
    }
}
