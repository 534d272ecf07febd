package dev.backpop.ledger;

/** Rejects of one cause that a backfill or repair of an entity has. */
public record EntityRejects(String campaignId, RejectGroup group) {}
