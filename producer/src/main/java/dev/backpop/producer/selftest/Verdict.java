package dev.backpop.producer.selftest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one fault.
 *
 * @param keys where it was planted, as JSON arrays
 * @param found what was reported of these keys
 * @param remark what was expected, or why it was not planted; null when all is well
 */
public record Verdict(
        String fault,
        List<String> keys,
        List<Finding> found,
        Result result,
        @Nullable String remark) {
    /** How a fault fared. */
    public enum Result {
        FOUND("found"),
        /** Nothing was reported of it. */
        NOT_FOUND("NOT FOUND"),
        /** Something was reported, but not what it is. */
        MISNAMED("MISNAMED"),
        /** The table has no place for such a fault. */
        NOT_APPLICABLE("not applicable"),
        /** Nothing was planted where something was reported. */
        FALSE_ALARM("FALSE ALARM");

        private final String word;

        Result(String word) {
            this.word = word;
        }

        /** For people. */
        public String word() {
            return word;
        }
    }

    public Verdict {
        keys = List.copyOf(keys);
        found = List.copyOf(found);
    }

    /** False for what makes the self-test fail. */
    public boolean passes() {
        return result == Result.FOUND || result == Result.NOT_APPLICABLE;
    }
}
