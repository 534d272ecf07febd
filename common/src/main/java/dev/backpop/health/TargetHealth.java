package dev.backpop.health;

import dev.backpop.plan.HoldThreshold;
import dev.backpop.plan.HoldThresholds;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.postgres.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the target's health, one short round at a time: every question is asked once a round, whoever it is for, in a
 * read-only transaction whose statements end after 1.5 seconds. Never throws: what cannot be asked is unknown. For one thread.
 */
public final class TargetHealth {
    private static final Logger LOG = LoggerFactory.getLogger(TargetHealth.class);
    private static final String SHORT = "SET LOCAL statement_timeout = '1500ms'; SET LOCAL lock_timeout = '500ms'";

    private final PostgresPool target;
    private final Map<HoldThreshold, String> said = new EnumMap<>(HoldThreshold.class);

    public TargetHealth(PostgresPool target) {
        this.target = target;
    }

    /** The readings of every threshold that is switched on, by campaign, in the order of thresholds. */
    public Map<String, List<Reading>> look(Collection<Watch> watches) {
        Map<String, List<Reading>> readings = new LinkedHashMap<>();
        if (watches.isEmpty()) {
            return readings;
        }
        try (Connection connection = target.connection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(SHORT);
            }
            Round round = new Round(connection);
            for (Watch watch : watches) {
                readings.put(watch.campaignId(), round.readings(watch));
            }
            connection.rollback();
        } catch (SQLException e) {
            String why = "the target does not answer: " + SqlFailure.message(e);
            watches.forEach(watch -> readings.put(watch.campaignId(), unknown(watch.thresholds(), why)));
        }
        readings.values().forEach(this::say);
        return readings;
    }

    private static List<Reading> unknown(HoldThresholds thresholds, String why) {
        return thresholds.byWord().keySet().stream()
                .flatMap(word -> HoldThreshold.ofWord(word).stream())
                .filter(threshold -> !thresholds.text(threshold).equals(HoldThreshold.OFF))
                .map(threshold -> (Reading) new Reading.Unknown(threshold, why))
                .toList();
    }

    /** Once, and again when the reason is another one. */
    private void say(List<Reading> readings) {
        for (Reading reading : readings) {
            if (reading instanceof Reading.Unknown unknown) {
                String before = said.put(unknown.threshold(), unknown.why());
                if (!unknown.why().equals(before)) {
                    LOG.info(
                            "holds.{} is not known and holds nothing: {}",
                            unknown.threshold().word(),
                            unknown.why());
                }
            }
        }
    }
}
