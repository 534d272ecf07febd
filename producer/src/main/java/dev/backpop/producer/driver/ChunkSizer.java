package dev.backpop.producer.driver;

import dev.backpop.campaign.CampaignSettings;
import dev.backpop.ledger.ChunkTime;
import java.time.Duration;
import java.util.List;

/**
 * How many keys the next chunks get, so that a chunk takes about a second: an exponential average over the last five
 * chunks, a fifth larger when they were faster, half as large, as often as it takes, when they were slower. Chunks that took
 * less than a tenth of the goal make the next ones as large as would take a tenth at once: what is that far from the goal
 * costs more to dispatch than to run. For one thread.
 *
 * <p>Source of the steps: the project's design; of the idea, the adaptive chunk time of gh-ost and Vitess' throttling.
 */
final class ChunkSizer {
    static final int FEWEST = 10;
    /** As many as a chunk has at most whose rows are moved, or looked at one by one. */
    static final int MOST = 10_000;
    /**
     * As many as a chunk has at most that two databases look at without handing out its rows. They take so little time that
     * with fewer a fifth of it is dispatch: measured with posts of 550 bytes by {@code deploy/bench/verify}.
     */
    static final int MOST_SCANNED = 50_000;

    static final int CHUNKS_LOOKED_AT = 5;

    static final int FIRST = 1_000;
    private static final double WEIGHT = 2.0 / (CHUNKS_LOOKED_AT + 1);
    private static final double UP = 1.2;

    private static final double FAR = 0.1;
    private static final double DOWN = 0.5;

    private Duration goal;
    private int ceiling = MOST;
    private int most = MOST;
    private double size;

    /**
     * @param goal what a chunk should take
     * @param first how many keys to begin with
     */
    ChunkSizer(Duration goal, int first) {
        this.goal = goal;
        this.size = Math.min(MOST, Math.max(FEWEST, first));
    }

    /**
     * How many keys the next chunks get.
     *
     * @param keysAtOnce how many keys the legacy store is asked for at a time: chunks are whole multiples of it, at least one,
     *     lest the last question of each be a small one; but for a rate that wants smaller chunks
     */
    int size(int keysAtOnce) {
        int wanted = (int) Math.min(size, most);
        return wanted < keysAtOnce ? Math.min(keysAtOnce, most) : wanted - wanted % keysAtOnce;
    }

    /** Takes in that rows stay in the databases, so that chunks may be larger, the first ones too. */
    void scanned() {
        ceiling = MOST_SCANNED;
        size *= (double) MOST_SCANNED / MOST;
    }

    /**
     * Takes in that a key stands for any number of rows, and for requests of its own: until it is known what one takes, a
     * thousand might be an hour in which nobody sees anything done.
     */
    void grouped() {
        size = FEWEST;
    }

    /** Takes in what was set: how long a chunk should take, and the rate, since no chunk should be more than a second's worth. */
    void follow(CampaignSettings settings) {
        goal = settings.chunkTime();
        most = Math.max(FEWEST, Math.min(ceiling, settings.rate().orElse(ceiling)));
    }

    /** Takes in what the last chunks took, newest first; does nothing without a chunk of the present size or near it. */
    void observe(List<ChunkTime> newestFirst) {
        List<ChunkTime> relevant = newestFirst.stream()
                .filter(time -> time.keyCount() > 0)
                .limit(CHUNKS_LOOKED_AT)
                .toList();
        if (relevant.isEmpty()) {
            return;
        }
        double nanosPerKey = 0;
        for (int i = relevant.size() - 1; i >= 0; i--) {
            ChunkTime time = relevant.get(i);
            // A chunk that was split would have taken longer yet; memory may have ended it before its time.
            long nanos = time.split()
                    ? Math.max(time.runTime().toNanos(), 2 * goal.toNanos())
                    : time.runTime().toNanos();
            double sample = (double) nanos / time.keyCount();
            nanosPerKey = i == relevant.size() - 1 ? sample : nanosPerKey + WEIGHT * (sample - nanosPerKey);
        }
        if (nanosPerKey * size * UP < goal.toNanos()) {
            size *= UP;
        }
        while (nanosPerKey * size * UP < goal.toNanos() * FAR && size < ceiling) {
            size *= UP;
        }
        size = Math.min(ceiling, size);
        // All at once, because a whole window is planned before the next look.
        while (nanosPerKey * size > goal.toNanos() && size > FEWEST) {
            size = Math.max(FEWEST, size * DOWN);
        }
    }
}
