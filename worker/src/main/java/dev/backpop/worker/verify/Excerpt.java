package dev.backpop.worker.verify;

import dev.backpop.campaign.Discrepancy.Difference;
import org.jspecify.annotations.Nullable;

/** Long values cut to where they differ, so that a million discrepancies of large rows find room in the ledger. */
final class Excerpt {
    private static final int LONGEST = 1_000;
    private static final int BEFORE = 100;

    private Excerpt() {}

    /** The difference with values of a thousand characters at most, and what was cut off of them said. */
    static Difference of(Difference difference) {
        String legacy = difference.legacy();
        String target = difference.target();
        int from = Math.max(0, firstDifference(legacy, target) - BEFORE);
        return new Difference(difference.column(), cut(legacy, from), cut(target, from), difference.cause());
    }

    private static int firstDifference(@Nullable String one, @Nullable String other) {
        if (one == null || other == null) {
            return 0;
        }
        int at = 0;
        int shorter = Math.min(one.length(), other.length());
        while (at < shorter && one.charAt(at) == other.charAt(at)) {
            at++;
        }
        return at;
    }

    private static @Nullable String cut(@Nullable String value, int from) {
        if (value == null || value.length() <= LONGEST) {
            return value;
        }
        int begin = between(value, Math.min(from, value.length()));
        int end = between(value, Math.min(value.length(), begin + LONGEST));
        return (begin > 0 ? "…" : "") + value.substring(begin, end) + (end < value.length() ? "…" : "") + " ("
                + value.length() + " characters" + (begin > 0 ? ", from the " + (begin + 1) + "th" : "") + ")";
    }

    /** Never in the middle of a character that takes two. */
    private static int between(String value, int at) {
        return at > 0
                        && at < value.length()
                        && Character.isLowSurrogate(value.charAt(at))
                        && Character.isHighSurrogate(value.charAt(at - 1))
                ? at - 1
                : at;
    }
}
