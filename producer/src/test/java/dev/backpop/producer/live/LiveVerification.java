package dev.backpop.producer.live;

import dev.backpop.testing.Database;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;

/**
 * A verification beside live writers, who begin before it and end after it. Both tables have the same rows at first, but for
 * what is planted.
 *
 * @param method as it stands in a plan
 * @param oneDatabase whether the application writes both tables in one transaction, or in one each of two databases
 * @param planted whether rows differ that no writer ever touches
 * @param guarded whether the triggers of the guard record what the writers do
 * @param keyType int or text
 * @param listed whether keys are given one by one, those included that have no row yet
 */
record LiveVerification(
        String method,
        boolean oneDatabase,
        boolean planted,
        boolean guarded,
        String keyType,
        boolean listed,
        long seed) {
    static final List<String> PLANTED = List.of("mismatched [2200]", "missing [2002]", "unexpected [2001]");

    LiveVerification(String method, boolean oneDatabase, boolean planted, boolean guarded, long seed) {
        this(method, oneDatabase, planted, guarded, "int", false, seed);
    }

    private static final List<Integer> LEFT_ALONE = List.of(2_001, 2_002, 2_200);
    private static final int LAG_MILLIS = 300;

    /**
     * What has come of it.
     *
     * @param everConfirmed what was confirmed at any moment, and {@code confirmed} what is at the end
     * @param counts of rows, summed over its chunks: enumerated and what they came to
     * @param resolved how many rows did not match at first and did later
     * @param checks that were not passed
     */
    record Outcome(
            LiveVerification trial,
            int exitCode,
            String log,
            Set<String> everConfirmed,
            List<String> confirmed,
            String counts,
            long resolved,
            List<String> checks,
            LiveCounts writers) {
        /** Whether the application kept to what the plan's {@code settle} takes for granted. */
        boolean promptWriters() {
            return writers.of("longest lag") < trial.settleSeconds() * 1_000;
        }

        @Override
        public String toString() {
            return trial + ": exit code " + exitCode + ", confirmed " + confirmed + ", resolved " + resolved
                    + "; enumerated, what it came to, pending, unexpected: " + counts + "; checks not passed: " + checks
                    + "; writers: " + writers;
        }
    }

    /** Where one transaction writes both, nothing lags. */
    private long settleSeconds() {
        return oneDatabase ? 1 : 2;
    }

    Outcome run(LiveScene scene, String name) throws Exception {
        LiveTables tables = scene.equalTables(name, oneDatabase, keyType);
        Path plan =
                scene.verification(tables, "{ method: " + method + ", settle: " + settleSeconds() + "s, looks: 8 }");
        if (guarded) {
            String guards = name + "_guards";
            LiveScene.Run run = scene.ended(guards, scene.backpop(guards, "guards", plan.toString(), "install"));
            if (run.exitCode() != 0) {
                throw new IllegalStateException(run.said());
            }
        }
        LiveKeys keys = scene.keys();
        if (planted) {
            LEFT_ALONE.forEach(keys::tryTake);
            tables.target()
                    .run(
                            "DELETE FROM " + name + " WHERE id = 2002",
                            "UPDATE " + name + " SET x = upper(x) WHERE id = 2200",
                            "INSERT INTO " + name + " VALUES (2001, 'nobody knows', 1)");
        }
        LivePath path = LivePath.ANY.laggingBehind(LAG_MILLIS);
        try (LiveWriters writers =
                LiveWriters.start(tables, path, keys, LiveScene.FIRST_VERSION, LiveScene.BOUND, seed)) {
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> writers.counts.of("committed") >= 10);
            List<String> command = new ArrayList<>(List.of("verify", plan.toString(), "--name", name));
            if (listed) {
                command.addAll(List.of("--ids", scene.listOfKeys().toString()));
            }
            Process verify = scene.backpop(name, command.toArray(new String[0]));
            Set<String> everConfirmed = new TreeSet<>();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        everConfirmed.addAll(confirmed(tables.target(), name));
                        return !verify.isAlive();
                    });
            LiveScene.Run run = scene.ended(name, verify);
            writers.stop();
            return new Outcome(
                    this,
                    run.exitCode(),
                    run.said(),
                    everConfirmed,
                    confirmed(tables.target(), name),
                    tables.target()
                            .ask(
                                    "SELECT sum(key_count), sum(rows_matched + rows_mismatched + rows_missing + rows_absent"
                                            + " + rows_excluded + rows_unverifiable + rows_pending), sum(rows_pending),"
                                            + " sum(rows_unexpected) FROM backpop.chunk WHERE state = 'done' AND campaign_id = '"
                                            + name + "'")
                            .get(0),
                    Long.parseLong(tables.target()
                            .ask("SELECT count(*) FROM backpop.discrepancy WHERE state = 'resolved' AND campaign_id = '"
                                    + name + "'")
                            .get(0)),
                    tables.target()
                            .ask(
                                    "SELECT state, name, subject, message FROM backpop.campaign_check WHERE state <> 'passed'"
                                            + " AND campaign_id = '" + name + "'"),
                    writers.counts);
        }
    }

    private static List<String> confirmed(Database target, String campaign) throws SQLException {
        if (target.ask("SELECT to_regclass('backpop.discrepancy') IS NULL").equals(List.of("t"))) {
            return new ArrayList<>();
        }
        return target.ask("SELECT kind || ' ' || key FROM backpop.discrepancy WHERE state = 'confirmed'"
                + " AND campaign_id = '" + campaign + "' ORDER BY 1");
    }

    @Override
    public String toString() {
        return method + (oneDatabase ? ", one transaction" : ", two databases") + (planted ? ", planted" : "")
                + (guarded ? ", guarded" : "") + (keyType.equals("text") ? ", text keys" : "")
                + (listed ? ", listed" : "")
                + ", seed " + seed;
    }
}
