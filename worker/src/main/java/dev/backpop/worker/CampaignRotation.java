package dev.backpop.worker;

import dev.backpop.campaign.CampaignSettings;
import dev.backpop.campaign.CampaignState;
import dev.backpop.queue.CampaignView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The campaigns to lease from, each in its turn, so that a small one is not stuck behind a large one. Looks at Redis a few
 * times a second and remembers what it saw in between. Thread-safe.
 */
final class CampaignRotation {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final CampaignView view;
    private final LongSupplier nanoTime;
    private final Map<String, Long> waitingUntil = new HashMap<>();
    private List<String> runnable = List.of();
    private Map<String, CampaignSettings> settings = Map.of();
    private Set<String> active = Set.of();
    private long lookedAt;
    private boolean looked;
    private int next;

    /** @param nanoTime a monotonic clock, as {@link System#nanoTime} */
    CampaignRotation(CampaignView view, LongSupplier nanoTime) {
        this.view = view;
        this.nanoTime = nanoTime;
    }

    /**
     * Every campaign that may be leased from now, beginning with the one whose turn it is.
     *
     * @throws dev.backpop.problem.StoreUnreachableException when Redis cannot be asked
     */
    synchronized List<String> turn() {
        long now = nanoTime.getAsLong();
        if (!looked || now - lookedAt >= LOOK_NANOS) {
            look();
            lookedAt = now;
            looked = true;
        }
        waitingUntil.values().removeIf(until -> until - now <= 0);
        List<String> turn = new ArrayList<>();
        for (int i = 0; i < runnable.size(); i++) {
            String id = runnable.get((next + i) % runnable.size());
            if (!waitingUntil.containsKey(id)) {
                turn.add(id);
            }
        }
        return turn;
    }

    private void look() {
        List<String> found = new ArrayList<>();
        Map<String, CampaignSettings> changed = new HashMap<>();
        List<String> shown = view.active();
        for (String id : shown) {
            Map<String, String> fields = view.fields(id);
            if (CampaignState.RUNNING.word().equals(fields.get("state"))) {
                found.add(id);
                changed.put(id, CampaignSettings.ofJson(fields.get("settings")));
            }
        }
        active = new HashSet<>(shown);
        runnable = found;
        settings = changed;
    }

    /** Passes the turn on after a chunk of this campaign was leased. */
    synchronized void served(String id) {
        int index = runnable.indexOf(id);
        if (index >= 0) {
            next = (index + 1) % runnable.size();
        }
    }

    /** Leases nothing of a campaign for a while. */
    synchronized void pass(String id, long forNanos) {
        waitingUntil.put(id, nanoTime.getAsLong() + forNanos);
    }

    /** Looks at Redis again at the next turn: something has changed. */
    synchronized void lookSoon() {
        looked = false;
    }

    /** The running campaigns as they were last seen, with their settings. */
    synchronized Map<String, CampaignSettings> running() {
        return Map.copyOf(settings);
    }

    /** Every campaign that has not ended, running or not. */
    synchronized Set<String> active() {
        return active;
    }
}
