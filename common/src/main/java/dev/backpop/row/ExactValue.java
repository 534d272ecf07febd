package dev.backpop.row;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of a value in PostgreSQL's send format tells it from others, as an immutable object: two of one type are equal,
 * and have the same hash, exactly when {@link BinaryValues#sameValue} calls the values the same.
 */
public final class ExactValue {
    private enum Special {
        NULL,
        NOT_A_NUMBER
    }

    private ExactValue() {}

    /** @param field null for SQL NULL, which is the same as another NULL and as nothing else */
    public static Object of(int oid, byte @Nullable [] field) {
        if (field == null) {
            return Special.NULL;
        }
        return switch (oid) {
            case 700 -> ofFloat(ByteBuffer.wrap(field).getFloat());
            case 701 -> ofFloat(ByteBuffer.wrap(field).getDouble());
            case 1042 -> ByteBuffer.wrap(field, 0, BinaryValues.withoutTrailingBlanks(field));
            case 1700 ->
                BinaryNumeric.isFinite(field) ? ofNumber(BinaryNumeric.text(field)) : BinaryNumeric.text(field);
            case 3802 -> ofJson(new String(field, 1, field.length - 1, StandardCharsets.UTF_8));
            default -> ofStructure(oid, field);
        };
    }

    /**
     * The elements of an array of at most one dimension, in order.
     *
     * @return empty for arrays of more dimensions, and where the type is no array
     */
    public static Optional<List<Object>> elements(int oid, byte[] field) {
        if (!BinaryArray.isArray(oid)) {
            return Optional.empty();
        }
        BinaryArray array = BinaryArray.read(field);
        return array.dimensions() > 1 ? Optional.empty() : Optional.of(array.elements());
    }

    private static Object ofStructure(int oid, byte[] field) {
        if (BinaryArray.isArray(oid)) {
            return BinaryArray.read(field).exact();
        }
        return BinaryRange.isRange(oid) ? BinaryRange.exact(oid, field) : ByteBuffer.wrap(field);
    }

    private static Object ofFloat(double value) {
        if (Double.isNaN(value)) {
            return Special.NOT_A_NUMBER;
        }
        return value == 0 ? Double.valueOf(0) : Double.valueOf(value);
    }

    private static BigDecimal ofNumber(String text) {
        return new BigDecimal(text).stripTrailingZeros();
    }

    private static Object ofJson(String text) {
        Optional<Object> value = JsonValues.value(text);
        // Too deep to be read as a value: its text tells it apart.
        return value.isPresent() ? value.get() : text;
    }
}
