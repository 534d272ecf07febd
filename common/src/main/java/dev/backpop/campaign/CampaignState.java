package dev.backpop.campaign;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Where a campaign stands. The one transition table: {@code planned → running ⇄ paused; running → completed | cancelled |
 * failed}.
 *
 * <p>Beyond the straight line, a campaign that has not started or is paused may be cancelled, and a failed one goes back
 * to running when its failed chunks are retried.
 */
public enum CampaignState {
    PLANNED,
    RUNNING,
    PAUSED,
    COMPLETED,
    CANCELLED,
    FAILED;

    private static final Map<CampaignState, Set<CampaignState>> TRANSITIONS = Map.of(
            PLANNED, Set.of(RUNNING, PAUSED, CANCELLED),
            RUNNING, Set.of(PAUSED, COMPLETED, CANCELLED, FAILED),
            PAUSED, Set.of(RUNNING, CANCELLED),
            COMPLETED, Set.of(RUNNING),
            CANCELLED, Set.of(),
            FAILED, Set.of(RUNNING));

    public boolean canBecome(CampaignState next) {
        return TRANSITIONS.getOrDefault(this, Set.of()).contains(next);
    }

    /** True when nothing happens any more unless somebody retries. */
    public boolean ended() {
        return this == COMPLETED || this == CANCELLED || this == FAILED;
    }

    /** As it is written in the ledger, Redis and on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for any other word */
    public static CampaignState ofWord(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
