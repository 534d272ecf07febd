package dev.backpop.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

final class SampleBoundTest {
    private static final long MANY = 1_234_567;

    @Test
    void nothingDifferentInThreeThousandMeansAtMostATenthOfAPerCent() {
        SampleBound bound = new SampleBound(0, 3_000, MANY);

        assertThat(bound.share()).isCloseTo(0.000998079, within(1e-9));
        assertThat(bound.percent()).isEqualTo("0.1");
    }

    @Test
    void theRuleOfThreeIsNear() {
        for (long size : new long[] {100, 1_000, 100_000}) {
            assertThat(new SampleBound(0, size, MANY).share()).isBetween(2.9 / size, 3.0 / size);
        }
    }

    /** The 95 % quantile of a beta distribution with 1 + differing and size − differing, as tables have it. */
    @Test
    void boundsAreThoseOfTables() {
        assertThat(new SampleBound(0, 10, MANY).share()).isCloseTo(0.25887, within(1e-5));
        assertThat(new SampleBound(1, 10, MANY).share()).isCloseTo(0.39416, within(1e-5));
        assertThat(new SampleBound(2, 10, MANY).share()).isCloseTo(0.50690, within(1e-5));
        assertThat(new SampleBound(5, 10, MANY).share()).isCloseTo(0.77756, within(1e-5));
        assertThat(new SampleBound(9, 10, MANY).share()).isCloseTo(0.99488, within(1e-5));
        assertThat(new SampleBound(1, 100, MANY).share()).isCloseTo(0.04656, within(1e-5));
    }

    /** Summed in decimals of 60 digits, where nothing is rounded away. */
    @Test
    void atTheBoundSoFewAreDifferentInOneSampleOfTwenty() {
        for (long[] sample : new long[][] {{1, 3_000}, {17, 3_000}, {1_500, 3_000}, {2_990, 3_000}, {3, 1_000}}) {
            double share = new SampleBound(sample[0], sample[1], MANY).share();

            assertThat(atMost(sample[0], sample[1], share))
                    .describedAs("P(at most %d of %d)", sample[0], sample[1])
                    .isCloseTo(0.05, within(1e-7));
        }
    }

    private static double atMost(long differing, long size, double share) {
        MathContext digits = new MathContext(60);
        BigDecimal p = BigDecimal.valueOf(share);
        BigDecimal q = BigDecimal.ONE.subtract(p);
        BigDecimal term = q.pow(Math.toIntExact(size), digits);
        BigDecimal sum = term;
        for (long i = 1; i <= differing; i++) {
            term = term.multiply(p, digits)
                    .multiply(BigDecimal.valueOf(size - i + 1), digits)
                    .divide(q.multiply(BigDecimal.valueOf(i), digits), digits);
            sum = sum.add(term, digits);
        }
        return sum.doubleValue();
    }

    @Test
    void aMillionRowsWithAnyNumberOfDifferencesHaveABound() {
        assertThat(new SampleBound(500_000, 1_000_000, 10_000_000).share()).isCloseTo(0.500823, within(1e-6));
        assertThat(new SampleBound(999_999, 1_000_000, 1_000_000_000).share()).isCloseTo(1 - 5.1293e-8, within(1e-11));
    }

    @Test
    void whereEverythingDiffersEverythingMay() {
        assertThat(new SampleBound(1, 1, MANY).share()).isEqualTo(1);
        assertThat(new SampleBound(50, 50, MANY).share()).isEqualTo(1);
    }

    @Test
    void aSampleOfEverythingIsExact() {
        assertThat(new SampleBound(0, 400, 400).share()).isZero();
        assertThat(new SampleBound(0, 400, 400).percent()).isEqualTo("0");
        assertThat(new SampleBound(100, 400, 400).share()).isEqualTo(0.25);
    }

    @Test
    void noMoreRowsCanDifferThanWereNotSeenToBeEqual() {
        assertThat(new SampleBound(0, 399, 400).share()).isEqualTo(1.0 / 400);
    }

    @Test
    void nothingIsKnownOfNoRows() {
        assertThat(new SampleBound(0, 0, 400).share()).isEqualTo(1);
        assertThat(new SampleBound(0, 0, 400).percent()).isEqualTo("100");
    }

    @Test
    void perCentAreRoundedUp() {
        assertThat(new SampleBound(0, 1_000, MANY).percent()).isEqualTo("0.3");
        assertThat(new SampleBound(1, 100, MANY).percent()).isEqualTo("4.7");
        assertThat(new SampleBound(0, 1_000_000, 100_000_000).percent()).isEqualTo("0.0003");
    }

    @Test
    void impossibleSamplesAreRefused() {
        assertThatThrownBy(() -> new SampleBound(2, 1, 10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SampleBound(-1, 1, 10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SampleBound(0, 11, 10)).isInstanceOf(IllegalArgumentException.class);
    }
}
