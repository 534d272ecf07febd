package dev.backpop.worker.health;

import static java.util.Objects.requireNonNull;

/**
 * Whether a worker does its work.
 *
 * @param reason why it does not, for people; empty when it does; holds no secret
 */
public record Readiness(boolean ready, String reason) {
    public static final Readiness READY = new Readiness(true, "");

    public Readiness {
        requireNonNull(reason, "reason is null");
    }

    public static Readiness notReady(String reason) {
        return new Readiness(false, reason);
    }
}
