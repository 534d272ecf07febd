package dev.backpop.compare;

import dev.backpop.row.BinaryValues;
import java.math.BigDecimal;
import java.util.Optional;

/** Numeric columns as exact decimals. */
final class Numbers {
    private Numbers() {}

    /**
     * The number that PostgreSQL prints: of a floating-point number the shortest decimal that reads back as the same, so
     * that {@code 0.4} and {@code 0.3} are 0.1 apart.
     *
     * @return empty for NaN and infinities
     */
    static Optional<BigDecimal> of(int oid, byte[] field) {
        String text = BinaryValues.text(oid, field);
        return text.endsWith("y") || text.equals("NaN") ? Optional.empty() : Optional.of(new BigDecimal(text));
    }

    /** Whether both are finite and at most this far apart. */
    static boolean within(BigDecimal most, int oid, byte[] left, byte[] right) {
        Optional<BigDecimal> one = of(oid, left);
        Optional<BigDecimal> other = of(oid, right);
        return one.isPresent()
                && other.isPresent()
                && one.get().subtract(other.get()).abs().compareTo(most) <= 0;
    }
}
