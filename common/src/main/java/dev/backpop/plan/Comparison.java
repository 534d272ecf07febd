package dev.backpop.plan;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The rule by which a verification compares one column of both sides. Immutable and thread-safe. */
public sealed interface Comparison {
    /** The rule of every column for which the plan has none. */
    Comparison EXACT = new Exact();

    /** The rule as plans write it: {@code exact}, {@code tolerance 0.01}, {@code ignore: …}. Never null. */
    String text();

    /** Nothing is rounded, trimmed, case-folded or normalized; NULL, an empty text and a blank are three values. */
    record Exact() implements Comparison {
        @Override
        public String text() {
            return "exact";
        }
    }

    /** Times are the same when they are the same instant to the microsecond, whatever their offset and spelling. */
    record Instant() implements Comparison {
        @Override
        public String text() {
            return "instant";
        }
    }

    /**
     * Numbers may differ, by this at most.
     *
     * @param most zero or more; a difference of exactly this much is let pass
     */
    record Tolerance(BigDecimal most) implements Comparison {
        public Tolerance {
            if (most.signum() < 0) {
                throw new IllegalArgumentException("a tolerance below zero: " + most);
            }
        }

        @Override
        public String text() {
            return "tolerance " + most.toPlainString();
        }
    }

    /**
     * Times may differ, by this at most.
     *
     * @param most zero or more; a difference of exactly this much is let pass
     */
    record TimeTolerance(Duration most) implements Comparison {
        public TimeTolerance {
            if (most.isNegative()) {
                throw new IllegalArgumentException("a tolerance below zero: " + most);
            }
        }

        @Override
        public String text() {
            return "tolerance " + DurationText.of(most);
        }
    }

    /** JSON is the same when it is the same value: neither the order of members nor spelling counts. */
    record Json() implements Comparison {
        @Override
        public String text() {
            return "json";
        }
    }

    /** Arrays are the same when they hold the same values: neither order nor repetition counts. */
    record SetOf() implements Comparison {
        @Override
        public String text() {
            return "set";
        }
    }

    /**
     * Texts are the same when their words are, in their order. Between two programs that render one text, white space,
     * punctuation and the ASCII signs of markup may differ, which is let pass and told; letters, digits and all other signs
     * may not.
     */
    record Words() implements Comparison {
        @Override
        public String text() {
            return "words";
        }
    }

    /**
     * The value changes by itself, such as a score, so it may differ. NULL against a value is still a difference.
     *
     * @param most by how much numbers may differ, zero or more; null when any two values may stand beside each other
     */
    record Volatile(@Nullable BigDecimal most) implements Comparison {
        public Volatile {
            if (most != null && most.signum() < 0) {
                throw new IllegalArgumentException("a tolerance below zero: " + most);
            }
        }

        @Override
        public String text() {
            return most == null ? "volatile" : "volatile " + most.toPlainString();
        }
    }

    /**
     * The column is not compared.
     *
     * @param reason why not, as reports print it; never blank
     */
    record Ignore(String reason) implements Comparison {
        public Ignore {
            requireNonNull(reason, "reason is null");
            if (reason.isBlank()) {
                throw new IllegalArgumentException("a column is ignored without a reason");
            }
        }

        @Override
        public String text() {
            return "ignore: " + reason;
        }
    }
}
