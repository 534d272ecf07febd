package dev.backpop.plan;

/** What kind of legacy store a plan names, known even when the rest of it is wrong. */
enum LegacyKind {
    JDBC,
    FILE;

    boolean isFile() {
        return this == FILE;
    }
}
