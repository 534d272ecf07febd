package dev.backpop.target;

import dev.backpop.postgres.SqlNames;
import dev.backpop.row.BinaryValues;
import dev.backpop.row.Key;
import dev.backpop.row.KeyShape;
import dev.backpop.row.KeyType;
import dev.backpop.row.Row;
import dev.backpop.row.RowShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A foreign key of a target table. Immutable.
 *
 * @param name of the constraint
 * @param columns the columns that refer, in the constraint's order
 * @param table the table they point to, quoted, with its schema
 * @param referenced the columns they point to, in the same order
 * @param types of the columns they point to, as far as they can be keys
 */
public record ForeignKey(
        String name, List<String> columns, String table, List<String> referenced, List<Optional<KeyType>> types) {
    public ForeignKey {
        columns = List.copyOf(columns);
        referenced = List.copyOf(referenced);
        types = List.copyOf(types);
        if (columns.size() != referenced.size() || columns.size() != types.size()) {
            throw new IllegalArgumentException("foreign key " + name + " pairs " + columns + " with " + referenced);
        }
    }

    /** The shape of what it points to; empty when a column is of a type that cannot be a key. */
    public Optional<KeyShape> shape() {
        List<KeyType> known = types.stream().flatMap(Optional::stream).toList();
        return known.size() == types.size() ? Optional.of(new KeyShape(known)) : Optional.empty();
    }

    /** The key that a row refers to, as a JSON array; empty where it cannot be told, as when a column is not mapped. */
    public Optional<String> parentKey(RowShape rows, Row row) {
        Optional<KeyShape> shape = shape();
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            int index =
                    rows.columns().stream().map(RowShape.Column::name).toList().indexOf(columns.get(i));
            byte[] field = index < 0 ? null : row.field(index);
            if (shape.isEmpty() || field == null) {
                return Optional.empty();
            }
            int oid = rows.columns().get(index).type().transferOid();
            parts.add(shape.get().types().get(i).canonical(BinaryValues.text(oid, field)));
        }
        return Optional.of(shape.get().toJson(new Key(parts)));
    }

    /**
     * SQL that is true when the row is there that a JSON array of its key refers to.
     *
     * @param key SQL of type {@code jsonb}, as {@link #parentKey} wrote it
     */
    public String isThere(String key) {
        List<String> conditions = new ArrayList<>();
        for (int i = 0; i < referenced.size(); i++) {
            String type = types.get(i).map(KeyType::sqlType).orElse("text");
            conditions.add("parent." + SqlNames.quoted(referenced.get(i)) + " = CAST(" + key + " ->> " + i + " AS "
                    + type + ")");
        }
        return "EXISTS (SELECT FROM " + table + " AS parent WHERE " + String.join(" AND ", conditions) + ")";
    }
}
