package dev.backpop.legacy.file;

import dev.backpop.legacy.FailedRow;
import dev.backpop.legacy.LegacyEntity;
import dev.backpop.plan.ColumnRule;
import dev.backpop.plan.Entity;
import dev.backpop.plan.From;
import dev.backpop.plan.Guard;
import dev.backpop.plan.Into;
import dev.backpop.plan.LegacySource;
import dev.backpop.row.BinaryValues;
import dev.backpop.row.ColumnType;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.KeyShape;
import dev.backpop.row.KeyType;
import dev.backpop.row.Row;
import dev.backpop.row.RowShape;
import dev.backpop.testing.Servers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/** A file, the columns that its fields go into, and what comes out of it. */
final class Sample {
    final Path folder;
    final Path scratch;
    private final From.Format format;
    private final boolean gzip;
    private List<String> key = List.of("id");
    private Map<String, String> fields = Map.of();
    private final List<RowShape.Column> columns = new ArrayList<>();
    private final List<ColumnRule> rules = new ArrayList<>();
    private Path file;
    private long runBytes = 1 << 20;

    Sample(From.Format format, boolean gzip) {
        this(format, gzip, Servers.newFolder());
    }

    Sample(From.Format format, boolean gzip, Path folder) {
        this.folder = folder;
        this.scratch = folder.resolve("scratch");
        this.format = format;
        this.gzip = gzip;
        this.file = folder.resolve("records");
    }

    static Sample ndjson(String... lines) throws IOException {
        return new Sample(From.Format.NDJSON, false).content(String.join("\n", lines) + "\n");
    }

    static Sample csv(String... lines) throws IOException {
        return new Sample(From.Format.CSV, false).content(String.join("\r\n", lines) + "\r\n");
    }

    Sample content(String text) throws IOException {
        return content(text.getBytes(StandardCharsets.UTF_8));
    }

    Sample content(byte[] bytes) throws IOException {
        try (OutputStream out =
                gzip ? new GZIPOutputStream(Files.newOutputStream(file)) : Files.newOutputStream(file)) {
            out.write(bytes);
        }
        return this;
    }

    Sample file(Path given) {
        file = given;
        return this;
    }

    Path file() {
        return file;
    }

    Sample runBytes(long bytes) {
        runBytes = bytes;
        return this;
    }

    Sample key(String... names) {
        key = List.of(names);
        return this;
    }

    Sample fields(Map<String, String> types) {
        fields = types;
        return this;
    }

    /** A target column; those mapped first are the key. */
    Sample column(String name, int oid, String expression) {
        return column(name, new ColumnType(oid, "type" + oid, "type" + oid, false), expression);
    }

    Sample column(String name, ColumnType type, String expression) {
        columns.add(new RowShape.Column(name, type));
        rules.add(new ColumnRule(name, expression));
        return this;
    }

    RowShape shape() {
        List<Integer> indexes = new ArrayList<>();
        List<KeyType> types = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            indexes.add(i);
            types.add(KeyType.ofOid(columns.get(i).type().oid()).orElseThrow());
        }
        return new RowShape(columns, indexes, new KeyShape(types));
    }

    LegacyEntity open() {
        return open(shape());
    }

    LegacyEntity open(RowShape shape) {
        try (FileLegacy legacy = new FileLegacy(new LegacySource.Files(folder), scratch, runBytes)) {
            From.Records from = new From.Records(file.toString(), format, gzip, key, fields);
            Entity entity =
                    new Entity("post", List.of(), from, new Into("post", List.of("id")), rules, new Guard.Fence());
            return legacy.entity(entity, shape);
        }
    }

    /** Every row as text, NULL as {@code null}, and every failed row as its message. */
    List<String> rows() {
        return rows(open(), new KeySelection.Range(null, null, null));
    }

    List<String> rows(LegacyEntity entity, KeySelection selection) {
        return texts(entity::fetch, selection);
    }

    /** The same of the rows that verification expects. */
    List<String> expected() {
        return texts(open()::expect, new KeySelection.Range(null, null, null));
    }

    /** One of the two readings of an entity. */
    interface Reading {
        List<FailedRow> of(KeySelection selection, Consumer<List<Row>> rows);
    }

    /** The bytes of every row by its key, {@code failed} for a failed one; rows before failed ones, each in their order. */
    Map<Key, String> bytes(Reading reading) {
        Map<Key, String> values = new LinkedHashMap<>();
        RowShape shape = shape();
        List<FailedRow> failed = reading.of(new KeySelection.Range(null, null, null), batch -> {
            for (Row row : batch) {
                List<String> fields = new ArrayList<>();
                for (int i = 0; i < row.size(); i++) {
                    byte[] field = row.field(i);
                    fields.add(field == null ? "null" : HexFormat.of().formatHex(field));
                }
                values.merge(shape.keyOf(row), fields.toString(), (one, other) -> one + " twice " + other);
            }
        });
        failed.forEach(row -> values.merge(row.key(), "failed", (one, other) -> one + " twice " + other));
        return values;
    }

    List<String> texts(Reading reading, KeySelection selection) {
        List<String> texts = new ArrayList<>();
        List<FailedRow> failed = reading.of(selection, batch -> batch.forEach(row -> texts.add(text(row))));
        failed.forEach(row -> texts.add(row.key() + " " + row.sqlState() + " " + row.message()));
        return texts;
    }

    private String text(Row row) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            byte[] field = row.field(i);
            values.add(
                    field == null
                            ? "null"
                            : BinaryValues.text(columns.get(i).type().transferOid(), field));
        }
        return String.join("|", values);
    }

    static List<Key> keys(LegacyEntity entity) {
        List<Key> keys = new ArrayList<>();
        entity.lastKey(null, null).ifPresent(last -> entity.keys(null, null, last, Long.MAX_VALUE, keys::add));
        return keys;
    }
}
