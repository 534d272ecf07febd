package dev.backpop.queue;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a worker says of itself with every heartbeat.
 *
 * @param name unique to the process' life
 * @param lanes how many chunks it runs at a time
 * @param current what it runs, as {@code CAMPAIGN#CHUNK}
 * @param startedAtMillis since the epoch, by the worker's clock
 * @param problem what keeps it from working; null when nothing does. Holds no secret
 * @param state such as {@code running} or {@code stopping}
 */
public record WorkerStatus(
        String name,
        String host,
        long pid,
        String version,
        int lanes,
        List<String> current,
        long startedAtMillis,
        @Nullable String problem,
        String state) {
    public WorkerStatus {
        requireNonNull(host, "host is null");
        requireNonNull(version, "version is null");
        requireNonNull(state, "state is null");
        if (name.isBlank()) {
            throw new IllegalArgumentException("a worker needs a name");
        }
        current = List.copyOf(current);
    }
}
