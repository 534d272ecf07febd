package dev.backpop.legacy.record;

import dev.backpop.row.BinaryEncoder;
import java.util.Locale;
import java.util.Optional;

/**
 * What a plan says that a field's text is.
 *
 * @param oid the PostgreSQL type it must read as; 0 for seconds since 1970
 */
record FieldType(int oid) {
    private static final int EPOCH_SECONDS = 0;

    /** The type of this name, empty when there is none. */
    static Optional<FieldType> named(String name) {
        String word = name.strip()
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\s*\\([0-9, ]*\\)", "")
                .replaceAll("\\s+", " ");
        int oid = switch (word) {
            case "epoch_seconds" -> EPOCH_SECONDS;
            case "boolean", "bool" -> 16;
            case "bytea" -> 17;
            case "bigint", "int8" -> 20;
            case "smallint", "int2" -> 21;
            case "integer", "int", "int4" -> 23;
            case "text" -> 25;
            case "oid" -> 26;
            case "json" -> 114;
            case "real", "float4" -> 700;
            case "double precision", "float8", "float" -> 701;
            case "character", "char", "bpchar" -> 1042;
            case "character varying", "varchar" -> 1043;
            case "date" -> 1082;
            case "time", "time without time zone" -> 1083;
            case "timestamp", "timestamp without time zone" -> 1114;
            case "timestamptz", "timestamp with time zone" -> 1184;
            case "numeric", "decimal" -> 1700;
            case "uuid" -> 2950;
            case "jsonb" -> 3802;
            default -> -1;
        };
        return oid < 0 ? Optional.empty() : Optional.of(new FieldType(oid));
    }

    boolean isEpochSeconds() {
        return oid == EPOCH_SECONDS;
    }

    /** Whether a field of this type can go into a column whose values travel as this type. */
    boolean fits(int transferOid) {
        return !isEpochSeconds() || transferOid == 1184 || transferOid == 1114;
    }

    /**
     * Encodes a field's text for a column.
     *
     * @throws IllegalArgumentException when the text is not of this type, or not of the column's
     */
    byte[] encode(int transferOid, String text) {
        if (isEpochSeconds()) {
            return BinaryEncoder.encodeEpochSeconds(text);
        }
        byte[] field = BinaryEncoder.encode(oid, text);
        return oid == transferOid ? field : BinaryEncoder.encode(transferOid, text);
    }
}
