package dev.backpop.plan;

/** The rule that keeps a backfill from overwriting something newer. */
public sealed interface Guard {
    /** The default: overwrite only rows whose last touch by anyone else is visible to the snapshot taken before the fetch. */
    record Fence() implements Guard {}

    /** Never overwrite: the live path upserts and never hard-deletes. */
    record InsertOnly() implements Guard {}

    /** Always overwrite: the target is not live yet. */
    record Overwrite() implements Guard {}

    /**
     * Overwrite only what is older by a version or change time over all migrated columns.
     *
     * @param from the legacy column or expression
     * @param into the target column, which the plan also maps from the same expression
     * @param tombstones true to keep deleted rows deleted, which takes triggers that record deletes; false where the live
     *     path never hard-deletes
     */
    record Version(String from, String into, boolean tombstones) implements Guard {
        public Version(String from, String into) {
            this(from, into, true);
        }
    }

    /** Whether what other sessions do to the target must be recorded by triggers. */
    default boolean recordsTouches() {
        return this instanceof Fence || (this instanceof Version version && version.tombstones());
    }

    /** As a plan writes it. */
    default String word() {
        if (this instanceof Fence) {
            return "fence";
        }
        if (this instanceof InsertOnly) {
            return "insert-only";
        }
        return this instanceof Overwrite ? "overwrite" : "version";
    }
}
