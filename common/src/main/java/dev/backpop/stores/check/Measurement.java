package dev.backpop.stores.check;

import dev.backpop.legacy.jdbc.LegacyRelation;
import dev.backpop.postgres.SqlFailure;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Reads all legacy rows of an entity once and counts what will not fit. For one thread. */
final class Measurement {
    private static final String TIMED_OUT = "57014";

    private final Connection legacy;
    private final LegacyRelation relation;
    private final String keyText;
    private final String nullKey;
    private final Findings findings;
    private boolean nullKeysSaid;

    /**
     * @param keyText the key as one SQL text
     * @param nullKey SQL that is true when a part of the key is NULL
     */
    Measurement(Connection legacy, LegacyRelation relation, String keyText, String nullKey, Findings findings) {
        this.legacy = legacy;
        this.relation = relation;
        this.keyText = keyText;
        this.nullKey = nullKey;
        this.findings = findings;
    }

    /** Empty when it could not be measured, which is said. */
    OptionalLong run(String place, List<MeasuredColumn> columns) throws SQLException {
        try {
            return OptionalLong.of(report(place, columns));
        } catch (SQLException e) {
            if (timedOut(e)) {
                findings.warning(
                        place,
                        "could not be measured within the statement timeout of a minute, so values that do not fit are"
                                + " not known: they will become rejects. --no-measure leaves measuring out");
                return OptionalLong.empty();
            }
            if (SqlFailure.of(e) != SqlFailure.ROW) {
                throw e;
            }
            return apart(place, columns, e);
        }
    }

    /** Halves the columns until the failing ones stand alone. */
    private OptionalLong apart(String place, List<MeasuredColumn> columns, SQLException failure) throws SQLException {
        if (columns.isEmpty()) {
            findings.error(
                    place,
                    "the key or the condition fails on some row, so that the keys cannot be read: "
                            + SqlFailure.message(failure));
            return OptionalLong.empty();
        }
        if (columns.size() == 1) {
            OptionalLong rows = run(place, List.of());
            if (rows.isPresent()) {
                findings.warning(
                        columns.get(0).place(),
                        "this expression fails on some rows, which will become rejects: "
                                + SqlFailure.message(failure));
            }
            return rows;
        }
        int half = columns.size() / 2;
        OptionalLong rows = run(place, columns.subList(0, half));
        return rows.isEmpty() ? rows : run(place, columns.subList(half, columns.size()));
    }

    private long report(String place, List<MeasuredColumn> columns) throws SQLException {
        List<String> list = new ArrayList<>();
        list.add("count(*), count(*) FILTER (WHERE " + nullKey + ")");
        for (MeasuredColumn column : columns) {
            list.add("count(" + column.sql() + ")");
            for (Measure measure : column.measures()) {
                list.add(measure.select(keyText));
            }
        }
        try (Statement statement = legacy.createStatement();
                ResultSet found = statement.executeQuery(relation.select(String.join(", ", list), "true"))) {
            found.next();
            int at = 3;
            for (MeasuredColumn column : columns) {
                at++;
                for (Measure measure : column.measures()) {
                    say(measure, found.getLong(at), found.getString(at + 1), found.getString(at + 2));
                    at += 3;
                }
            }
            noteNullKeys(place, found.getLong(2));
            return found.getLong(1);
        }
    }

    private void noteNullKeys(String place, long rows) {
        if (rows > 0 && !nullKeysSaid) {
            nullKeysSaid = true;
            findings.error(
                    place,
                    "the key is NULL in " + rows + " row(s): leave them out with a condition (… IS NOT NULL), or take"
                            + " another key");
        }
    }

    private void say(Measure measure, long rows, String worst, String key) {
        if (rows > 0) {
            findings.warning(measure.place(), measure.words().say(rows, String.valueOf(worst), String.valueOf(key)));
        }
    }

    static boolean timedOut(SQLException failure) {
        return TIMED_OUT.equals(SqlFailure.root(failure).getSQLState());
    }
}
