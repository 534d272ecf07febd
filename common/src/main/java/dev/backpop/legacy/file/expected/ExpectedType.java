package dev.backpop.legacy.file.expected;

import java.util.List;
import java.util.Locale;
import org.postgresql.core.Oid;

/** What a field's text can be: how it reads, and which words of a plan name it. */
@SuppressWarnings("ImmutableEnumChecker") // The readings are functions without a state, and the names a copy.
enum ExpectedType {
    BOOLEAN(Oid.BOOL, ExpectedText::bool, "boolean", "bool"),
    BYTEA(Oid.BYTEA, ExpectedText::bytes, "bytea"),
    SMALLINT(Oid.INT2, ExpectedNumber::int2, "smallint", "int2"),
    INTEGER(Oid.INT4, ExpectedNumber::int4, "integer", "int", "int4"),
    BIGINT(Oid.INT8, ExpectedNumber::int8, "bigint", "int8"),
    OID(Oid.OID, ExpectedNumber::oid, "oid"),
    REAL(Oid.FLOAT4, ExpectedNumber::float4, "real", "float4"),
    DOUBLE(Oid.FLOAT8, ExpectedNumber::float8, "double precision", "float8", "float"),
    NUMERIC(Oid.NUMERIC, ExpectedNumber::numeric, "numeric", "decimal"),
    TEXT(Oid.TEXT, ExpectedText::text, "text"),
    VARCHAR(Oid.VARCHAR, ExpectedText::text, "character varying", "varchar"),
    CHARACTER(Oid.BPCHAR, ExpectedText::text, "character", "char", "bpchar"),
    JSON(Oid.JSON, ExpectedJson::json, "json"),
    JSONB(Oid.JSONB, ExpectedJson::jsonb, "jsonb"),
    UUID(Oid.UUID, ExpectedText::uuid, "uuid"),
    DATE(Oid.DATE, ExpectedTime::date, "date"),
    TIME(Oid.TIME, ExpectedTime::time, "time", "time without time zone"),
    TIMESTAMP(Oid.TIMESTAMP, ExpectedTime::timestamp, "timestamp", "timestamp without time zone"),
    TIMESTAMPTZ(Oid.TIMESTAMPTZ, ExpectedTime::instant, "timestamptz", "timestamp with time zone"),
    EPOCH_SECONDS(Oid.UNSPECIFIED, ExpectedTime::epochSeconds, "epoch_seconds");

    private interface Reading {
        byte[] of(String text);
    }

    private final int oid;
    private final Reading reading;
    private final List<String> names;

    ExpectedType(int oid, Reading reading, String... names) {
        this.oid = oid;
        this.reading = reading;
        this.names = List.of(names);
    }

    /** The object id of the PostgreSQL type; 0 for seconds since 1970, which are none. */
    int oid() {
        return oid;
    }

    /** @throws IllegalArgumentException when values of this type cannot come from a file */
    static ExpectedType ofOid(int oid) {
        for (ExpectedType type : values()) {
            if (type.oid == oid && type != EPOCH_SECONDS) {
                return type;
            }
        }
        throw new IllegalArgumentException("values of type " + oid + " do not come from files");
    }

    /**
     * The type that a plan names; its length or precision does not matter.
     *
     * @throws IllegalArgumentException when there is none of that name
     */
    static ExpectedType named(String words) {
        StringBuilder name = new StringBuilder(words.toLowerCase(Locale.ROOT));
        int open = name.indexOf("(");
        int close = name.indexOf(")");
        if (open >= 0 && close > open) {
            name.replace(open, close + 1, " ");
        }
        String plain = String.join(" ", List.of(name.toString().strip().split("\\s+")));
        for (ExpectedType type : values()) {
            if (type.names.contains(plain)) {
                return type;
            }
        }
        throw new IllegalArgumentException("'" + words + "' is no type of a file's field");
    }

    /**
     * The value in PostgreSQL's send format.
     *
     * @throws IllegalArgumentException when the text is no value of this type; the message says why
     */
    byte[] read(String text) {
        return reading.of(text);
    }

    /** How a message begins that refuses this text. */
    static String quoted(String text) {
        return "'" + (text.length() > 100 ? text.substring(0, 100) + "…" : text) + "'";
    }
}
