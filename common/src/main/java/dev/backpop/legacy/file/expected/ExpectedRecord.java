package dev.backpop.legacy.file.expected;

import dev.backpop.plan.ColumnRule;
import dev.backpop.plan.Entity;
import dev.backpop.plan.From;
import dev.backpop.row.Row;
import dev.backpop.row.RowShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What row a record of a file should have become. Immutable and thread-safe. */
public final class ExpectedRecord {
    /**
     * @param declared what the plan says that the field is; null when it says nothing
     * @param type what the column is
     */
    private record Cell(
            String column, FieldPath field, @Nullable ExpectedType declared, ExpectedType type) {
        byte @Nullable [] value(JsonRecord record) {
            String text = record.text(field);
            if (text == null) {
                return null;
            }
            if (declared == ExpectedType.EPOCH_SECONDS) {
                return declared.read(text);
            }
            if (declared != null && declared != type) {
                // What is no value of the field's own type is refused, whatever the column would take.
                declared.read(text);
            }
            return type.read(text);
        }
    }

    private final List<Cell> cells;

    private ExpectedRecord(List<Cell> cells) {
        this.cells = List.copyOf(cells);
    }

    /**
     * Reads a plan's mapping, which the file store has found to be sound.
     *
     * @param header a CSV file's columns; empty for NDJSON
     * @throws IllegalArgumentException when a column has no rule, or it or a field is of a type that files do not know
     */
    public static ExpectedRecord of(Entity entity, From.Records records, RowShape shape, List<String> header) {
        return of(entity, records.fields(), shape, header);
    }

    /**
     * The same for records that do not lie in a file.
     *
     * @param types what a field is, by its name; fields that are not named are of their column's type
     */
    public static ExpectedRecord of(Entity entity, Map<String, String> types, RowShape shape, List<String> header) {
        Map<FieldPath, ExpectedType> declared = new HashMap<>();
        types.forEach((field, type) -> declared.put(FieldPath.of(field, header), ExpectedType.named(type)));
        Map<String, FieldPath> fields = new HashMap<>();
        for (ColumnRule rule : entity.columns()) {
            fields.put(rule.column(), FieldPath.of(rule.expression(), header));
        }
        List<Cell> cells = new ArrayList<>();
        for (RowShape.Column column : shape.columns()) {
            FieldPath field = fields.get(column.name());
            if (field == null) {
                throw new IllegalArgumentException(
                        "entity " + entity.name() + " has no rule for column " + column.name());
            }
            ExpectedType type = column.type().viaText()
                    ? ExpectedType.TEXT
                    : ExpectedType.ofOid(column.type().oid());
            cells.add(new Cell(column.name(), field, declared.get(field), type));
        }
        return new ExpectedRecord(cells);
    }

    /**
     * The row of a record, given as JSON text.
     *
     * @throws UnreadableRecordException when a field's value cannot go into its column
     */
    public Row row(String document) throws UnreadableRecordException {
        JsonRecord record;
        try {
            record = JsonRecord.parse(document);
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecordException(String.valueOf(e.getMessage()), e);
        }
        byte[] @Nullable [] values = new byte[cells.size()][];
        for (int i = 0; i < values.length; i++) {
            try {
                values[i] = cells.get(i).value(record);
            } catch (IllegalArgumentException e) {
                throw new UnreadableRecordException("column " + cells.get(i).column() + ": " + e.getMessage(), e);
            }
        }
        return new Row(values);
    }
}
