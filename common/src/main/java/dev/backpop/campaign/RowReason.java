package dev.backpop.campaign;

import java.util.Locale;

/**
 * Why some keys came to no row and to no reject.
 *
 * @param rows how many there are
 * @param example one of their keys, as a JSON array
 */
public record RowReason(Outcome outcome, String reason, long rows, String example) {
    /** What became of the keys. */
    public enum Outcome {
        EXCLUDED,
        ABSENT,
        /** Of a verification, at its first look. */
        UNVERIFIABLE;

        /** As it is written in the ledger. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException when there is no such word */
        public static Outcome ofWord(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
