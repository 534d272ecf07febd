package dev.backpop.ledger;

import java.time.Duration;

/**
 * What a verification has yet to look at again.
 *
 * @param pending how many discrepancies, of those that may be looked at once more
 * @param checks how often the one that was looked at most often was; 0 when none is pending
 * @param sinceLastLook how long ago the last of them was seen, by the target's clock
 */
public record Generation(long pending, int checks, Duration sinceLastLook) {}
