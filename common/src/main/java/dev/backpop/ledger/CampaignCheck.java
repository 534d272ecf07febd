package dev.backpop.ledger;

import java.time.Instant;
import java.util.Locale;

/**
 * Something that was proved of a verification's entity as a whole, or disproved.
 *
 * @param name what was looked at: {@code counts}, {@code foreign key}, {@code sequence}
 * @param subject which one, such as a constraint or a column
 * @param message what was found, for people
 */
public record CampaignCheck(String name, String subject, State state, String message, Instant seenAt) {
    /** What came of it. */
    public enum State {
        PASSED,
        FAILED,
        /** It changed at every look, as rows do while writers are at work. */
        MOVING,
        /** It could not be told. */
        UNKNOWN;

        /** As it is written in the ledger. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException for any other word */
        public static State ofWord(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
