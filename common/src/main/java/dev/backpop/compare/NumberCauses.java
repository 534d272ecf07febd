package dev.backpop.compare;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Names how one of two different numbers came of the other. */
final class NumberCauses {
    private static final BigDecimal FARTHEST = BigDecimal.TEN;
    private static final int MOST_POWERS = 9;

    private NumberCauses() {}

    /** @return null when it is not known */
    static @Nullable String find(int oid, byte[] legacy, byte[] target) {
        BigDecimal left = Numbers.of(oid, legacy).orElse(null);
        BigDecimal right = Numbers.of(oid, target).orElse(null);
        return left == null || right == null ? null : find(left.stripTrailingZeros(), right.stripTrailingZeros());
    }

    private static @Nullable String find(BigDecimal legacy, BigDecimal target) {
        if (legacy.add(target).signum() == 0) {
            return "sign";
        }
        String rounded = rounded(legacy, target);
        if (rounded != null) {
            return rounded;
        }
        int power = legacy.scale() - target.scale();
        if (legacy.unscaledValue().equals(target.unscaledValue()) && power != 0 && Math.abs(power) <= MOST_POWERS) {
            return "factor " + BigDecimal.ONE.scaleByPowerOfTen(power).toPlainString();
        }
        BigDecimal apart = target.subtract(legacy).abs().stripTrailingZeros();
        boolean whole = legacy.scale() <= 0 && target.scale() <= 0;
        return whole && apart.compareTo(FARTHEST) <= 0 ? "off by " + apart.toPlainString() : null;
    }

    private static @Nullable String rounded(BigDecimal legacy, BigDecimal target) {
        int decimals = Math.max(0, target.scale());
        if (legacy.scale() > decimals) {
            if (legacy.setScale(decimals, RoundingMode.HALF_UP).compareTo(target) == 0
                    || legacy.setScale(decimals, RoundingMode.HALF_EVEN).compareTo(target) == 0) {
                return "rounded";
            }
            if (legacy.setScale(decimals, RoundingMode.DOWN).compareTo(target) == 0) {
                return "decimals cut off";
            }
        }
        float single = legacy.floatValue();
        return Float.isFinite(single) && new BigDecimal(Double.toString(single)).compareTo(target) == 0
                ? "rounded to single precision"
                : null;
    }
}
