package dev.backpop.row;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/**
 * The type of one key column: how its text form reads, compares and goes into SQL.
 *
 * <p>The order of each type is the order PostgreSQL gives it; text orders by its UTF-8 bytes (collation {@code "C"}).
 */
public enum KeyType {
    INTEGER("bigint", 20),
    TEXT("text", 25),
    UUID("uuid", 2950),
    DATE("date", 1082);

    private final String sqlType;
    private final int oid;

    KeyType(String sqlType, int oid) {
        this.sqlType = sqlType;
        this.oid = oid;
    }

    /** The PostgreSQL type that both sides cast this key column to before comparing it. */
    public String sqlType() {
        return sqlType;
    }

    /** The object id of that type. */
    public int oid() {
        return oid;
    }

    /** The key type for a PostgreSQL type, empty when such a type cannot be a key column. */
    public static Optional<KeyType> ofOid(int oid) {
        return switch (oid) {
            case 20, 21, 23 -> Optional.of(INTEGER);
            case 25, 1043 -> Optional.of(TEXT);
            case 2950 -> Optional.of(UUID);
            case 1082 -> Optional.of(DATE);
            default -> Optional.empty();
        };
    }

    /**
     * The canonical text of a value given as text: {@code 007} becomes {@code 7}, a uuid is lower-cased.
     *
     * @throws IllegalArgumentException when the text is not of this type
     */
    public String canonical(String text) {
        try {
            return switch (this) {
                case INTEGER -> Long.toString(new BigInteger(text.strip()).longValueExact());
                case TEXT -> text;
                case UUID -> java.util.UUID.fromString(text.strip()).toString();
                case DATE -> LocalDate.parse(text.strip()).toString();
            };
        } catch (ArithmeticException | DateTimeParseException | NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a key of type " + sqlType, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not a key of type " + sqlType, e);
        }
    }

    /** Compares two canonical texts as PostgreSQL orders the values. */
    public int compare(String left, String right) {
        return switch (this) {
            case INTEGER -> Long.compare(Long.parseLong(left), Long.parseLong(right));
            case TEXT, UUID ->
                Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
            case DATE -> LocalDate.parse(left).compareTo(LocalDate.parse(right));
        };
    }
}
