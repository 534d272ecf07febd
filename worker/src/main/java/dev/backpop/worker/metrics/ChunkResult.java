package dev.backpop.worker.metrics;

import java.util.Locale;

/** How one lease of a chunk ended. */
public enum ChunkResult {
    /** Its rows and its result are committed. */
    DONE,
    /** Out of attempts and set aside. */
    FAILED,
    /** To be run again after a backoff. */
    RETRIED,
    /** Too large to be run at once: smaller chunks have taken its place. */
    SPLIT,
    /** The lease ran out or somebody else was first; nothing was written. */
    LOST,
    /** Handed back untouched, because the worker stops or the campaign does. */
    RELEASED;

    /** The value of the metric's label. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
