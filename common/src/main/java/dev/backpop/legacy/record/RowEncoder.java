package dev.backpop.legacy.record;

import dev.backpop.legacy.FailedRow;
import dev.backpop.plan.ColumnRule;
import dev.backpop.plan.Entity;
import dev.backpop.row.BinaryEncoder;
import dev.backpop.row.ColumnType;
import dev.backpop.row.Key;
import dev.backpop.row.Row;
import dev.backpop.row.RowShape;
import dev.backpop.row.UnencodableValueException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Turns records into rows: which field goes into which column, and as what. Immutable and thread-safe. */
public final class RowEncoder {
    private record Target(
            String column,
            ColumnType type,
            int slot,
            @Nullable FieldType declared) {}

    private final List<Target> targets;
    private final JsonFields fields;

    private RowEncoder(List<Target> targets, JsonFields fields) {
        this.targets = List.copyOf(targets);
        this.fields = fields;
    }

    /**
     * Reads an entity's mapping.
     *
     * @param types by field, what the plan or the store says that it is; others are of their column's type
     * @param key the fields of the key, in key order
     * @param names gets what is wrong with the plan's fields
     */
    public static RowEncoder of(
            Entity entity, Map<String, String> types, List<String> key, RowShape shape, FieldNames names) {
        Map<String, FieldType> declared = new HashMap<>();
        types.forEach((field, type) -> {
            String name = names.check(field);
            FieldType.named(type)
                    .ifPresentOrElse(
                            known -> declared.put(name, known),
                            () -> names.add(
                                    "field '" + field + "' has the unknown type '" + type
                                            + "': write epoch_seconds or a PostgreSQL type such as bigint, numeric or timestamptz"));
        });
        List<String> used = new ArrayList<>();
        List<Target> targets = new ArrayList<>();
        for (RowShape.Column column : shape.columns()) {
            String field = names.check(rule(entity, column.name()));
            int slot = used.indexOf(field);
            if (slot < 0) {
                slot = used.size();
                used.add(field);
            }
            FieldType type = declared.get(field);
            if (type != null && !type.fits(column.type().transferOid())) {
                names.add("field '" + field + "' is epoch_seconds, which goes into a timestamp column, but column "
                        + column.name() + " is " + column.type().declared());
            }
            targets.add(new Target(column.name(), column.type(), slot, type));
        }
        if (key.size() != shape.keyIndexes().size()) {
            names.add("from.key names " + key.size() + " field(s), but the target's key has "
                    + shape.keyIndexes().size() + " column(s)");
        }
        for (int i = 0; i < shape.keyIndexes().size() && i < key.size(); i++) {
            Target part = targets.get(shape.keyIndexes().get(i));
            if (!used.get(part.slot()).equals(names.check(key.get(i)))) {
                names.add("key column " + part.column() + " is mapped from '" + used.get(part.slot())
                        + "', but the key is '" + key.get(i)
                        + "': legacy and target key must be the same field");
            }
        }
        return new RowEncoder(targets, new JsonFields(used));
    }

    private static String rule(Entity entity, String column) {
        return entity.columns().stream()
                .filter(rule -> rule.column().equals(column))
                .map(ColumnRule::expression)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("entity " + entity.name() + " has no rule for column " + column));
    }

    /** The row of a record; null when it cannot be encoded, which {@code failed} is told. */
    public @Nullable Row encode(Key key, String document, Consumer<FailedRow> failed) {
        @Nullable String[] values = fields.read(document);
        byte[] @Nullable [] row = new byte[targets.size()][];
        for (int i = 0; i < row.length; i++) {
            Target target = targets.get(i);
            String text = values[target.slot()];
            if (text == null) {
                continue;
            }
            try {
                int oid = target.type().transferOid();
                row[i] = target.declared() == null
                        ? BinaryEncoder.encode(oid, text)
                        : target.declared().encode(oid, text);
            } catch (UnencodableValueException e) {
                failed.accept(new FailedRow(key, e.sqlState(), "column " + target.column() + ": " + e.getMessage()));
                return null;
            }
        }
        return new Row(row);
    }
}
