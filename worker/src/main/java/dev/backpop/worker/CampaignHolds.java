package dev.backpop.worker;

import dev.backpop.ledger.Ledger;
import dev.backpop.problem.StoreUnreachableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The campaigns that this worker cannot get on with, and why. While a campaign is held, nothing of it is leased; the wait
 * doubles as long as it goes on. Thread-safe.
 */
final class CampaignHolds {
    private static final Logger LOG = LoggerFactory.getLogger(CampaignHolds.class);
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration MOST = Duration.ofSeconds(15);

    private final Ledger ledger;
    private final CampaignRotation rotation;
    private final Map<String, Hold> holds = new HashMap<>();

    CampaignHolds(Ledger ledger, CampaignRotation rotation) {
        this.ledger = ledger;
        this.rotation = rotation;
    }

    // The ledger is written to outside the lock: when it cannot be reached that takes seconds, for which the heartbeat,
    // which asks for the problem, must not wait.
    void hold(String id, String reason) {
        hold(id, reason, Duration.ZERO);
    }

    /** @param time at least so long it makes no sense to try again */
    void hold(String id, String reason, Duration time) {
        if (isNew(id, reason, time)) {
            LOG.warn("campaign {} holds: {}", id, reason);
            write(id, reason);
        }
    }

    private synchronized boolean isNew(String id, String reason, Duration time) {
        Hold last = holds.get(id);
        Duration pause = last == null ? FIRST : last.pause().multipliedBy(2);
        pause = pause.compareTo(MOST) > 0 ? MOST : pause;
        if (!time.isZero()) {
            // It is known when it makes sense again, so there is nothing to guess by waiting longer each time.
            pause = FIRST;
        }
        rotation.pass(id, (time.compareTo(pause) > 0 ? time : pause).toNanos());
        holds.put(id, new Hold(reason, pause));
        return last == null || !last.reason().equals(reason);
    }

    /** A chunk of it went through. */
    void worked(String id) {
        if (forget(id)) {
            LOG.info("campaign {} goes on", id);
            write(id, null);
        }
    }

    private synchronized boolean forget(String id) {
        return holds.remove(id) != null;
    }

    /** Forgets campaigns that have ended. */
    synchronized void keepOnly(Set<String> active) {
        holds.keySet().retainAll(active);
    }

    private void write(String id, @Nullable String reason) {
        try {
            ledger.hold(id, reason);
        } catch (StoreUnreachableException e) {
            // The reason stays in this worker's heartbeat, which people see when the ledger cannot be read.
            LOG.warn("the hold of campaign {} could not be written to the ledger: {}", id, e.getMessage());
        }
    }

    /** Every reason in one text; null when nothing is held. */
    synchronized @Nullable String problem() {
        if (holds.isEmpty()) {
            return null;
        }
        return holds.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue().reason())
                .sorted()
                .collect(Collectors.joining("; "));
    }

    private record Hold(String reason, Duration pause) {}
}
