package dev.backpop.legacy.reddit.expected;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** The number in a thing's name. */
final class ExpectedId {
    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

    private ExpectedId() {}

    /** @throws IllegalArgumentException when the name is not of that kind, or its id is no number */
    static long ofName(String kind, @Nullable String name) {
        if (name == null || name.indexOf('_') != kind.length() || !name.startsWith(kind)) {
            throw new IllegalArgumentException("'" + name + "' does not name a " + kind);
        }
        BigInteger number = BigInteger.ZERO;
        for (int i = kind.length() + 1; i < name.length(); i++) {
            int digit = DIGITS.indexOf(name.charAt(i));
            boolean leadingZero = digit == 0 && number.signum() == 0;
            if (digit < 0 || leadingZero) {
                throw new IllegalArgumentException("'" + name + "' holds no number in base 36");
            }
            number = number.multiply(BigInteger.valueOf(36)).add(BigInteger.valueOf(digit));
            if (number.compareTo(MOST) > 0) {
                throw new IllegalArgumentException("'" + name + "' holds a number beyond a bigint");
            }
        }
        if (number.signum() == 0) {
            throw new IllegalArgumentException("'" + name + "' holds no number");
        }
        return number.longValueExact();
    }
}
