package dev.backpop.row;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Floating-point numbers as PostgreSQL 12 and newer print them: the fewest digits that read back as the same number, and
 * of those the closest. Java 17's own {@code toString} prints more digits than needed for some numbers.
 */
final class FloatText {
    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    private FloatText() {}

    static String of(double value) {
        if (!Double.isFinite(value) || value == 0) {
            return special(value);
        }
        double magnitude = Math.abs(value);
        double above = Math.nextUp(magnitude);
        BigDecimal exact = new BigDecimal(magnitude);
        BigDecimal below = middle(exact, new BigDecimal(Math.nextDown(magnitude)));
        BigDecimal upper =
                Double.isInfinite(above) ? exact.add(exact.subtract(below)) : middle(exact, new BigDecimal(above));
        return (value < 0 ? "-" : "") + layout(shortest(exact, below, upper, 17), 15);
    }

    static String of(float value) {
        if (!Float.isFinite(value) || value == 0) {
            return special(value);
        }
        float magnitude = Math.abs(value);
        float above = Math.nextUp(magnitude);
        BigDecimal exact = new BigDecimal(magnitude);
        BigDecimal below = middle(exact, new BigDecimal(Math.nextDown(magnitude)));
        BigDecimal upper =
                Float.isInfinite(above) ? exact.add(exact.subtract(below)) : middle(exact, new BigDecimal(above));
        return (value < 0 ? "-" : "") + layout(shortest(exact, below, upper, 9), 6);
    }

    private static String special(double value) {
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        return Double.toString(value);
    }

    private static BigDecimal middle(BigDecimal one, BigDecimal other) {
        return one.add(other).divide(TWO);
    }

    /** The bounds themselves do not count: PostgreSQL leaves them out so as not to depend on how a reader breaks ties. */
    private static BigDecimal shortest(BigDecimal exact, BigDecimal below, BigDecimal above, int most) {
        for (int digits = 1; digits < most; digits++) {
            BigDecimal best = null;
            for (RoundingMode mode :
                    new RoundingMode[] {RoundingMode.HALF_EVEN, RoundingMode.FLOOR, RoundingMode.CEILING}) {
                BigDecimal candidate = exact.round(new MathContext(digits, mode));
                if (candidate.compareTo(below) > 0 && candidate.compareTo(above) < 0 && best == null) {
                    best = candidate;
                }
            }
            if (best != null) {
                return best;
            }
        }
        return exact.round(new MathContext(most, RoundingMode.HALF_EVEN));
    }

    private static String layout(BigDecimal number, int fixedBelow) {
        BigDecimal stripped = number.stripTrailingZeros();
        int exponent = stripped.precision() - stripped.scale() - 1;
        if (exponent >= -4 && exponent < fixedBelow) {
            return stripped.toPlainString();
        }
        String digits = stripped.unscaledValue().toString();
        String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
        String power = Integer.toString(Math.abs(exponent));
        return digits.charAt(0) + fraction + (exponent < 0 ? "e-" : "e+") + (power.length() < 2 ? "0" : "") + power;
    }
}
