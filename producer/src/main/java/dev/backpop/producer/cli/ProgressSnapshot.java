package dev.backpop.producer.cli;

import dev.backpop.producer.text.Quantities;
import dev.backpop.producer.text.Text;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far something has come.
 *
 * @param label what: a campaign's id, or its entity and kind
 * @param done rows or keys accounted for
 * @param total how many there will be; null when it is not known
 * @param rowsPerSecond recent throughput
 * @param eta time left at that rate; null when it cannot be told
 * @param rejects rows set aside so far
 * @param discrepancies keys found to differ so far
 * @param retries chunk runs that had to be repeated so far
 * @param workers workers that are alive
 * @param state what to say beyond running: a hold and its reason, paused; null when all is as it should be
 */
record ProgressSnapshot(
        String label,
        long done,
        @Nullable Long total,
        double rowsPerSecond,
        @Nullable Duration eta,
        long rejects,
        long discrepancies,
        long retries,
        int workers,
        @Nullable String state) {
    private static final int BAR = 20;

    /** The same, at a standstill for that reason. */
    ProgressSnapshot waiting(String reason) {
        return new ProgressSnapshot(
                label, done, total, 0, null, rejects, discrepancies, retries, workers, "waiting: " + reason);
    }

    /** For people: {@code film backfill  45.0%  9,000/20,000  8,210 rows/s  eta 1m 05s  2 workers}. */
    String text() {
        return text("");
    }

    /** For people on a terminal: the same with a bar, where it is known how much there will be. */
    String barText() {
        if (total == null || total == 0) {
            return text();
        }
        int filled = (int) Math.min(BAR, done * BAR / total);
        return text("  [" + "#".repeat(filled) + "-".repeat(BAR - filled) + "]");
    }

    private String text(String bar) {
        StringBuilder text = new StringBuilder(label).append(bar);
        if (total == null) {
            text.append("  ").append(Quantities.count(done));
        } else {
            text.append("  ").append(Quantities.percent(done, total));
            text.append("  ").append(Quantities.count(done)).append('/').append(Quantities.count(total));
        }
        text.append("  ").append(Quantities.rate(rowsPerSecond, "rows"));
        if (eta != null) {
            text.append("  eta ").append(Quantities.duration(eta));
        }
        if (rejects > 0) {
            text.append("  ").append(counted(rejects, "reject"));
        }
        if (discrepancies > 0) {
            text.append("  ")
                    .append(discrepancies == 1 ? "1 discrepancy" : Quantities.count(discrepancies) + " discrepancies");
        }
        if (retries > 0) {
            text.append("  ").append(retries == 1 ? "1 retry" : Quantities.count(retries) + " retries");
        }
        text.append("  ").append(counted(workers, "worker"));
        if (state != null) {
            text.append("  ").append(state);
        }
        return Text.printable(text.toString());
    }

    private static String counted(long count, String what) {
        return Quantities.count(count) + " " + what + (count == 1 ? "" : "s");
    }
}
