package dev.backpop.ledger;

import dev.backpop.campaign.Reject;
import org.jspecify.annotations.Nullable;

/**
 * Rejects of one cause and state.
 *
 * @param exampleKey the key of the first of them, as a JSON array
 * @param exampleMessage the message of the first of them
 */
public record RejectGroup(
        RejectState state,
        Reject.Stage stage,
        @Nullable String sqlState,
        @Nullable String constraint,
        @Nullable String column,
        long count,
        String exampleKey,
        String exampleMessage) {}
