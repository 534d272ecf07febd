package dev.backpop.legacy;

/** Whom a request to a legacy store is for, the most urgent first: the order in which a shared budget serves. */
public enum RequestClass {
    /** Somebody waits for the answer: the application, or a person at a command. */
    LIVE,
    REPAIR,
    BACKFILL,
    VERIFY
}
