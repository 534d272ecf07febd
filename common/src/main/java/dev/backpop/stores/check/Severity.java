package dev.backpop.stores.check;

/** What a finding means for the plan. */
public enum Severity {
    /** Looked at and right. */
    OK,
    /** Worth knowing; nothing to do. */
    NOTE,
    /** Rows may be rejected or changed, or reading may be slow: look at it. */
    WARNING,
    /** A campaign cannot run like this. */
    ERROR
}
