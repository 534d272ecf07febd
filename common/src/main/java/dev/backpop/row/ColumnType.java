package dev.backpop.row;

import static java.util.Objects.requireNonNull;

/**
 * The type of a target column as values travel to it.
 *
 * @param oid the PostgreSQL type's object id, domains resolved to what they are made of
 * @param sqlName the type as SQL writes it, without length or precision ({@code character varying}, {@code numeric}): a
 *     cast to a length would silently cut text, so length is enforced by the target column alone
 * @param declared the type as the target column declares it, with length and precision, for messages and for rounding
 * @param viaText true when values travel as text and are cast by the target, because the type is not built into
 *     PostgreSQL (enums, extensions) and the other side may not know it
 */
public record ColumnType(int oid, String sqlName, String declared, boolean viaText) {
    /** The object id of {@code text}. */
    public static final int TEXT_OID = 25;

    public ColumnType {
        requireNonNull(sqlName, "sqlName is null");
        requireNonNull(declared, "declared is null");
    }

    /** The object id of the binary format in which a value of this column travels. */
    public int transferOid() {
        return viaText ? TEXT_OID : oid;
    }

    /** The SQL type in which a value of this column travels. */
    public String transferName() {
        return viaText ? "text" : sqlName;
    }
}
