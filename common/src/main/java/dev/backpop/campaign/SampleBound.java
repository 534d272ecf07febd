package dev.backpop.campaign;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * What a uniform sample, drawn without replacement, says about all rows: the share of them that differ is at most
 * {@link #share}, with a confidence of 95 %. That is, where more of them differ, fewer than 5 % of all samples of this size
 * show as few differing rows as this one. It is the exact (Clopper and Pearson's) one-sided upper bound for draws with
 * replacement, on the safe side for draws without, and never above what the rows that were seen leave possible: of a sample
 * of everything it is the share that differs. Immutable.
 *
 * @param differing how many rows of the sample differ, or are not known not to
 * @param size rows in the sample; with 0 nothing is known
 * @param population rows that the sample was drawn from
 */
public record SampleBound(long differing, long size, long population) {
    /** How sure the bound is; the rule of three (0 of n: at most 3 / n) is about the same. */
    public static final double CONFIDENCE = 0.95;

    private static final int HALVINGS = 100;
    private static final double NEGLIGIBLE = 1e-18;
    private static final MathContext TWO_DIGITS_UP = new MathContext(2, RoundingMode.CEILING);

    public SampleBound {
        if (differing < 0 || differing > size || size > population) {
            throw new IllegalArgumentException("expected 0 <= differing <= size <= population, not " + differing + ", "
                    + size + ", " + population);
        }
    }

    /** The largest share of all rows that differ with which the sample is still likely enough, from 0 to 1; 1 of no rows. */
    public double share() {
        if (size == 0) {
            return 1;
        }
        double possible = (double) (population - size + differing) / population;
        return Math.min(drawnWithReplacement(), possible);
    }

    /** The share as per cent, rounded up to two digits: {@code 0.1} for 0.0998. */
    public String percent() {
        return BigDecimal.valueOf(share())
                .movePointRight(2)
                .round(TWO_DIGITS_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    /** The p with P(at most {@link #differing} of {@link #size} differ) = 5 %, each differing with p on its own. */
    private double drawnWithReplacement() {
        if (differing == size) {
            return 1;
        }
        if (differing == 0) {
            return -Math.expm1(Math.log1p(-CONFIDENCE) / size);
        }
        double logWays = logWays();
        double low = (double) differing / size;
        double high = 1;
        for (int halving = 0; halving < HALVINGS && low < high; halving++) {
            double middle = (low + high) / 2;
            if (atMost(middle, logWays) > 1 - CONFIDENCE) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /** P(at most {@link #differing} of {@link #size}), for p over their quotient, where the terms fall from the last to the first. */
    private double atMost(double p, double logWays) {
        if (p >= 1) {
            return 0;
        }
        double odds = (1 - p) / p;
        double term = 1;
        double sum = 1;
        for (long i = differing; i > 0 && term > NEGLIGIBLE; i--) {
            term *= odds * i / (size - i + 1);
            sum += term;
        }
        return sum * Math.exp(logWays + differing * Math.log(p) + (size - differing) * Math.log1p(-p));
    }

    /** The logarithm of the number of ways to choose {@link #differing} of {@link #size}. */
    private double logWays() {
        long fewer = Math.min(differing, size - differing);
        double log = 0;
        for (long i = 1; i <= fewer; i++) {
            log += Math.log((double) (size - fewer + i) / i);
        }
        return log;
    }
}
