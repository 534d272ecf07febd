package dev.backpop.producer.demo;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far one of the demo's campaigns is.
 *
 * @param label entity and kind
 * @param done keys accounted for
 * @param total keys there are
 * @param rowsPerSecond since its beginning
 * @param eta time left at that rate; null when it cannot be told
 * @param rejects rows refused so far
 * @param workers workers that are alive
 * @param state what is out of the ordinary; null when nothing is
 */
public record DemoProgress(
        String label,
        long done,
        long total,
        double rowsPerSecond,
        @Nullable Duration eta,
        long rejects,
        int workers,
        @Nullable String state) {}
