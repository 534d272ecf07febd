package dev.backpop.health;

import static dev.backpop.plan.HoldThreshold.ACTIVE_BACKENDS;
import static dev.backpop.plan.HoldThreshold.LOCK_WAITS;
import static dev.backpop.plan.HoldThreshold.OFF;
import static dev.backpop.plan.HoldThreshold.QUERY;
import static dev.backpop.plan.HoldThreshold.REPLICA_LAG;
import static dev.backpop.plan.HoldThreshold.UNARCHIVED_WAL;
import static dev.backpop.plan.HoldThreshold.WRAPAROUND_AUTOVACUUM;

import dev.backpop.plan.HoldThreshold;
import dev.backpop.plan.HoldThresholds;
import dev.backpop.postgres.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** One round of questions in one transaction, each asked at most once. For one thread. */
final class Round {
    private static final int MOST_SUGGESTED = 1_000_000;

    private final Connection target;
    private final Map<String, Found<?>> found = new HashMap<>();

    Round(Connection target) {
        this.target = target;
    }

    private interface Question<T> {
        Found<T> ask(Connection target) throws SQLException;
    }

    /** @throws SQLException when the session is lost */
    List<Reading> readings(Watch watch) throws SQLException {
        HoldThresholds on = watch.thresholds();
        List<Reading> readings = new ArrayList<>();
        if (on.replicaLag().isPresent()) {
            double most = on.replicaLag().get().toMillis() / 1_000.0;
            readings.add(
                    reading(REPLICA_LAG, ask("", REPLICA_LAG, TargetQuestions::replicaLag), lag -> lag(lag, most, on)));
        }
        String table = watch.table();
        if (on.wraparoundAutovacuum() && table != null) {
            readings.add(reading(
                    WRAPAROUND_AUTOVACUUM,
                    ask(table, WRAPAROUND_AUTOVACUUM, session -> TargetQuestions.wraparound(session, table)),
                    running -> yesOrNo(
                            WRAPAROUND_AUTOVACUUM,
                            running,
                            "autovacuum runs on " + table + " to prevent wraparound",
                            "no autovacuum runs on " + table + " to prevent wraparound")));
        }
        if (on.unarchivedWal().isPresent()) {
            readings.add(reading(
                    UNARCHIVED_WAL,
                    ask("", UNARCHIVED_WAL, TargetQuestions::unarchivedWal),
                    waiting -> count(
                            UNARCHIVED_WAL,
                            waiting,
                            on.unarchivedWal().getAsInt(),
                            waiting == 1 ? " WAL segment waits to be archived" : " WAL segments wait to be archived")));
        }
        if (on.activeBackends().isPresent()) {
            double most = on.activeBackends().getAsDouble();
            readings.add(reading(
                    ACTIVE_BACKENDS,
                    ask("", ACTIVE_BACKENDS, TargetQuestions::activeBackends),
                    backends -> new Reading.Known(
                            ACTIVE_BACKENDS,
                            backends.active() / (double) backends.most() / most,
                            backends.active() + " of at most " + backends.most() + " backends are active",
                            "a share of more than " + on.text(ACTIVE_BACKENDS),
                            ACTIVE_BACKENDS.word() + "=" + OFF)));
        }
        if (on.lockWaits().isPresent()) {
            readings.add(reading(
                    LOCK_WAITS,
                    ask("", LOCK_WAITS, TargetQuestions::lockWaits),
                    waiting -> count(
                            LOCK_WAITS,
                            waiting,
                            on.lockWaits().getAsInt(),
                            waiting == 1 ? " session waits for a lock" : " sessions wait for locks")));
        }
        if (on.query().isPresent()) {
            String query = on.query().get();
            readings.add(reading(
                    QUERY,
                    ask(query, QUERY, session -> TargetQuestions.query(session, query)),
                    says -> yesOrNo(
                            QUERY,
                            !says.isEmpty(),
                            "the query of the plan says: " + says,
                            "the query of the plan says nothing")));
        }
        return readings;
    }

    @SuppressWarnings("unchecked")
    private <T> Found<T> ask(String about, HoldThreshold threshold, Question<T> question) throws SQLException {
        String name = threshold.word() + " " + about;
        Found<?> known = found.get(name);
        if (known != null) {
            return (Found<T>) known;
        }
        Savepoint before = target.setSavepoint();
        Found<T> answer;
        try {
            answer = question.ask(target);
        } catch (SQLException e) {
            target.rollback(before);
            answer = Found.unknown("the target says: " + SqlFailure.message(e));
        } catch (IllegalArgumentException e) {
            answer = Found.unknown(String.valueOf(e.getMessage()));
        }
        found.put(name, answer);
        return answer;
    }

    private static <T> Reading reading(HoldThreshold threshold, Found<T> found, Function<T, Reading> known) {
        return found.map(known, why -> new Reading.Unknown(threshold, why));
    }

    private static Reading lag(TargetQuestions.Lag lag, double most, HoldThresholds on) {
        long twice = Math.min(MOST_SUGGESTED, (long) Math.ceil(lag.seconds() * 2));
        return new Reading.Known(
                REPLICA_LAG,
                lag.seconds() / most,
                lag.replica().isEmpty()
                        ? "there is no replica"
                        : String.format(Locale.ROOT, "the replica '%s' lags %.1f s", lag.replica(), lag.seconds()),
                "more than " + on.text(REPLICA_LAG),
                REPLICA_LAG.word() + "=" + twice + "s");
    }

    private static Reading count(HoldThreshold threshold, long count, int most, String what) {
        return new Reading.Known(
                threshold,
                count / (double) most,
                count + what,
                "more than " + most,
                threshold.word() + "=" + Math.min(MOST_SUGGESTED, count * 2));
    }

    private static Reading yesOrNo(HoldThreshold threshold, boolean yes, String ifYes, String ifNo) {
        return new Reading.Known(
                threshold, yes ? Double.POSITIVE_INFINITY : 0, yes ? ifYes : ifNo, "", threshold.word() + "=" + OFF);
    }
}
