package dev.backpop.ledger;

import dev.backpop.campaign.Reject;
import java.time.Instant;

/** A reject as the ledger has it. */
public record StoredReject(int chunkNo, Instant createdAt, RejectState state, Reject reject) {}
