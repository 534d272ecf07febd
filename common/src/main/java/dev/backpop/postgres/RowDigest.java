package dev.backpop.postgres;

import dev.backpop.row.ColumnType;
import dev.backpop.row.KeyShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A row's digest as SQL: a hash of its values, cast so that rows of one digest are equal by value as far as 64 bits can
 * tell, with a hash of the key for a seed.
 *
 * <p>{@code hash_record_extended} makes a row before it hashes it, which costs more than the hashing. So the hash of each
 * value is the seed of the next one's, as far as there is a hash of its type to call; what has none is hashed as a record,
 * which is the first seed. A value that is NULL makes such a chain NULL, and then the whole row is hashed as a record. Rows
 * that are equal go the same way.
 *
 * <p>PostgreSQL's hashes serve hash tables, where equal values must have equal hashes and nothing else matters. So what they
 * leave out is put beside them: {@code bigint} is folded to 32 bits, where -1 meets 4294967295. {@code numeric} is hashed by its
 * bytes without trailing zeros: its own hash leaves out the sign, and has the weight joined to it in such a way that
 * values ten thousand times too large cancel each other out in a sum. Arrays are hashed without their dimensions, intervals by
 * their length, ranges and jsonb by XOR: these and every other type are hashed as text. Text is hashed by its bytes,
 * whatever the collation.
 *
 * <p>The seed is what makes a sum of digests tell rows that exchanged a value: {@code hash_record_extended} is linear in the
 * hashes of the columns, modulo 2^64. Without the seed the sum misses two of three exchanges between two rows of a chunk.
 */
final class RowDigest {
    /** Any number but 0, with which the hash of a float's zero would be that of NULL. */
    private static final String SEED = "6148914691236517205";

    /** As many as a row constructor takes, less a few. */
    private static final int MOST_FIELDS = 1_600;

    private static final List<String> PROBE = List.of(
            "true",
            "'\\x00ff'::bytea",
            "(-7)::int2",
            "(-70000)::int4",
            "7::oid",
            "1.5::float4",
            "(-1.5e300)::float8",
            "'2024-02-29'::date",
            "'23:59:59.123456'::time",
            "'0044-03-15 12:00 BC'::timestamp",
            "'2024-02-29 12:00:00.000001+00'::timestamptz",
            "'12345678-9abc-def0-1234-56789abcdef0'::uuid",
            "(-7000000000)::int8",
            "'Backpop'::text COLLATE \"C\"",
            "''::varchar COLLATE \"C\"",
            "(-1234567.890)::numeric",
            "NULL::int4");

    private RowDigest() {}

    /** One number made by every hash that digests use: databases that hash alike give the same. */
    static String probe() {
        return "hash_record_extended(ROW(" + String.join(", ", PROBE) + "), hashint8extended(-7000000000, " + SEED
                + ") # hashtextextended('Backpop' COLLATE \"C\", " + SEED
                + ") # uuid_hash_extended('12345678-9abc-def0-1234-56789abcdef0', " + SEED
                + ") # hashint2extended((-7)::int2, hashint4extended(-70000, hashoidextended(7::oid, " + SEED
                + "))) # time_hash_extended('23:59:59.123456', timestamp_hash_extended('0044-03-15 12:00 BC', " + SEED
                + ")))";
    }

    static boolean possible(List<SelectionSql.Column> columns) {
        return columns.stream()
                        .filter(SelectionSql.Column::compared)
                        .mapToInt(column -> fields(column.type(), "").size())
                        .sum()
                <= MOST_FIELDS;
    }

    /** @param keyValues the key columns as SQL, each cast to the type of its {@link dev.backpop.row.KeyType} */
    static String of(List<SelectionSql.Column> columns, List<String> keyValues, KeyShape shape) {
        List<String> hashed = new ArrayList<>();
        List<String> unchained = new ArrayList<>();
        String seed = seed(keyValues, shape);
        List<SelectionSql.Column> chained = new ArrayList<>();
        for (SelectionSql.Column column : columns) {
            if (column.compared()) {
                List<String> fields = fields(column.type(), column.value());
                hashed.addAll(fields);
                if (link(column, seed).isPresent()) {
                    chained.add(column);
                } else {
                    unchained.addAll(fields);
                }
            }
        }
        String whole = record(hashed, seed);
        if (chained.isEmpty()) {
            return whole;
        }
        String chain = unchained.isEmpty() ? seed : record(unchained, seed);
        for (SelectionSql.Column column : chained) {
            chain = link(column, chain).orElseThrow();
        }
        return "coalesce(" + chain + ", " + whole + ")";
    }

    private static String record(List<String> fields, String seed) {
        return "hash_record_extended(ROW(" + String.join(", ", fields) + "), " + seed + ")";
    }

    /**
     * The hash of a value with this seed, NULL where the value is; empty for types without such a hash. That of a float is none:
     * of zero it is the seed itself, and zeros would not count.
     */
    private static Optional<String> link(SelectionSql.Column column, String seed) {
        String value = column.value();
        return Optional.ofNullable(
                switch (column.type().transferOid()) {
                    case 16 -> "hashint4extended(" + value + "::int4, " + seed + ")";
                    case 20 ->
                        "hashint4extended((" + value + " >> 32)::int4, hashint8extended(" + value + ", " + seed + "))";
                    case 21 -> "hashint2extended(" + value + ", " + seed + ")";
                    case 23 -> "hashint4extended(" + value + ", " + seed + ")";
                    case 25, 1043 -> "hashtextextended(" + value + " COLLATE \"C\", " + seed + ")";
                    case 26 -> "hashoidextended(" + value + ", " + seed + ")";
                    case 1083 -> "time_hash_extended(" + value + ", " + seed + ")";
                    case 1114 -> "timestamp_hash_extended(" + value + ", " + seed + ")";
                    case 1184 -> "timestamp_hash_extended(" + value + " AT TIME ZONE 'UTC', " + seed + ")";
                    case 2950 -> "uuid_hash_extended(" + value + ", " + seed + ")";
                    default -> null;
                });
    }

    private static List<String> fields(ColumnType type, String value) {
        return switch (type.transferOid()) {
            // bool, bytea, smallint, integer, oid, real, double precision, date, time, timestamp, timestamptz, uuid
            case 16, 17, 21, 23, 26, 700, 701, 1082, 1083, 1114, 1184, 2950 -> List.of(value);
            case 20 -> List.of(value, "(" + value + " >> 32)::int4");
            case 25, 1043 -> List.of(value + " COLLATE \"C\"");
            // regclass and its kin by number: a name is not what travels.
            case 24, 2202, 2203, 2204, 2205, 2206, 3734, 3769, 4089, 4096, 4191 -> List.of(value + "::oid");
            case 1700 -> List.of("numeric_send(trim_scale(" + value + "))");
            default -> List.of("(" + value + ")::text COLLATE \"C\"");
        };
    }

    private static String seed(List<String> keyValues, KeyShape shape) {
        if (keyValues.size() > 1) {
            return "hash_record_extended(ROW(" + keyFields(keyValues, shape) + "), " + SEED + ")";
        }
        String value = keyValues.get(0);
        return switch (shape.types().get(0)) {
            case INTEGER -> "hashint8extended(" + value + ", " + SEED + ")";
            case TEXT -> "hashtextextended(" + value + " COLLATE \"C\", " + SEED + ")";
            case UUID -> "uuid_hash_extended(" + value + ", " + SEED + ")";
            case DATE -> "hash_record_extended(ROW(" + value + "), " + SEED + ")";
        };
    }

    private static String keyFields(List<String> keyValues, KeyShape shape) {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < keyValues.size(); i++) {
            boolean text = shape.types().get(i) == dev.backpop.row.KeyType.TEXT;
            fields.add(text ? keyValues.get(i) + " COLLATE \"C\"" : keyValues.get(i));
        }
        return String.join(", ", fields);
    }
}
