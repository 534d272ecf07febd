package dev.backpop.producer.live;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * A backfill beside live writers, who begin before it and end after it.
 *
 * @param guard as it stands in a plan
 * @param oneDatabase whether the application writes both tables in one transaction, or in one each of two databases
 */
record Trial(String guard, boolean oneDatabase, LivePath path, long seed) {
    static final String BY_VERSION = "{ version: { from: version, into: version } }";

    /**
     * What has come of it.
     *
     * @param log what the command said
     * @param wrong rows of the new table, by SQL
     * @param legacy the old table's keys, and {@code written} those that it must have by what the writers did
     */
    record Outcome(
            Trial trial,
            LiveTables tables,
            Path plan,
            int exitCode,
            String log,
            List<String> wrong,
            List<String> legacy,
            List<String> written,
            long millis,
            LiveCounts counts) {
        long count(String kind) {
            return wrong.stream().filter(row -> row.startsWith(kind)).count();
        }

        /** The wrong rows that every change has found in the new table. */
        List<String> wrongThoughSeen() {
            Set<String> unmet = counts.unmet().stream().map(String::valueOf).collect(Collectors.toSet());
            return wrong.stream()
                    .filter(row -> !unmet.contains(row.substring(row.indexOf(' ') + 1)))
                    .toList();
        }

        @Override
        public String toString() {
            return trial + ": " + count("missing") + " missing, " + count("mismatched") + " stale, "
                    + count("unexpected") + " resurrected, " + wrongThoughSeen().size()
                    + " of them in sight of the triggers; " + millis + " ms, exit code " + exitCode + "; writers: "
                    + counts
                    + (wrong.isEmpty()
                            ? ""
                            : "; wrong: " + wrong.stream().limit(20).toList())
                    + (wrongThoughSeen().isEmpty() ? "" : "; in sight: " + wrongThoughSeen());
        }
    }

    Outcome run(LiveScene scene, String name) throws Exception {
        LiveTables tables = scene.tables(name, oneDatabase, guard.equals("insert-only"));
        Path plan = scene.plan(tables, guard);
        long began = System.nanoTime();
        try (LiveWriters writers =
                LiveWriters.start(tables, path, scene.keys(), LiveScene.FIRST_VERSION, LiveScene.BOUND, seed)) {
            Process backfill = scene.backpop(name, "backfill", plan.toString(), "--name", name);
            if (path.truncates()) {
                // In the middle: rows are there, others are on their way, and others again are not fetched yet.
                Awaitility.await()
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> !backfill.isAlive() || scene.chunksDone(name) >= 2);
                writers.truncate();
            }
            LiveScene.Run run = scene.ended(name, backfill);
            long millis = (System.nanoTime() - began) / 1_000_000;
            if (path.lost() > 0) {
                // What was lost while the campaign ran may have been copied; what is lost from here on is not.
                long before = writers.counts.of("second writes lost");
                Awaitility.await()
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> writers.counts.of("second writes lost") >= before + 5);
            }
            List<String> written = writers.stop();
            return new Outcome(
                    this,
                    tables,
                    plan,
                    run.exitCode(),
                    run.said(),
                    scene.wrong(tables),
                    tables.legacy().ask("SELECT id FROM " + tables.oldTable() + " ORDER BY id"),
                    written,
                    millis,
                    writers.counts);
        }
    }

    @Override
    public String toString() {
        return (guard.equals(BY_VERSION) ? "version" : guard) + (oneDatabase ? ", one transaction" : ", two databases")
                + path + ", seed " + seed;
    }
}
