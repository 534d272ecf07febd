package dev.backpop.stores.check;

import dev.backpop.row.ColumnType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What conversions that PostgreSQL makes by itself may lose, by object ids of built-in types. */
final class Lossy {
    private static final int INT8 = 20;
    private static final int INT2 = 21;
    private static final int INT4 = 23;
    private static final int FLOAT4 = 700;
    private static final int FLOAT8 = 701;
    private static final int DATE = 1082;
    private static final int TIMESTAMP = 1114;
    private static final int TIMESTAMPTZ = 1184;
    private static final int NUMERIC = 1700;

    private static final Set<Integer> INTEGERS = Set.of(INT2, INT4, INT8);
    private static final Set<Integer> FLOATS = Set.of(FLOAT4, FLOAT8);
    private static final Set<Integer> TEXTS = Set.of(1042, 1043);

    private static final Pattern LENGTH = Pattern.compile("(?:character varying|character)\\((\\d+)\\)");
    private static final Pattern PRECISION = Pattern.compile("numeric\\((\\d+),(-?\\d+)\\)");

    private Lossy() {}

    /** What is lost whatever the values are. */
    static Optional<String> words(int source, int wanted) {
        if (source == TIMESTAMP && wanted == TIMESTAMPTZ) {
            return Optional.of("has no time zone in the legacy database, and UTC is assumed: write … AT TIME ZONE"
                    + " 'Area/City' where it is local time, or AT TIME ZONE 'UTC' to say so");
        }
        if (source == TIMESTAMPTZ && wanted == TIMESTAMP) {
            return Optional.of(
                    "loses its time zone, and is written as UTC: write … AT TIME ZONE 'Area/City' to choose");
        }
        if (wanted == DATE && (source == TIMESTAMP || source == TIMESTAMPTZ)) {
            return Optional.of("loses its time of day, by UTC: write …::date to say that it may");
        }
        boolean toFloat = FLOATS.contains(wanted) && (source == NUMERIC || source == INT8);
        boolean fromFloat = FLOATS.contains(source) && wanted == NUMERIC;
        if (toFloat || fromFloat || (source == FLOAT8 && wanted == FLOAT4)) {
            return Optional.of("changes between exact and floating or to shorter numbers, which keeps about "
                    + (wanted == FLOAT4 || source == FLOAT4 ? 6 : 15) + " digits");
        }
        return Optional.empty();
    }

    /** What is lost or refused for some values. */
    static List<Measure> measures(String place, String sql, int source, ColumnType wanted) {
        List<Measure> measures = new ArrayList<>();
        boolean numeric = source == NUMERIC || FLOATS.contains(source) || INTEGERS.contains(source);
        if (TEXTS.contains(wanted.oid())) {
            length(place, sql, wanted, measures);
        } else if (numeric && INTEGERS.contains(wanted.oid()) && source != wanted.oid()) {
            integer(place, sql, source, wanted, measures);
        } else if (numeric && wanted.oid() == NUMERIC) {
            precision(place, sql, source, wanted, measures);
        }
        return measures;
    }

    private static void length(String place, String sql, ColumnType wanted, List<Measure> measures) {
        Matcher length = LENGTH.matcher(wanted.declared());
        if (length.matches()) {
            String characters = "char_length((" + sql + ")::text)";
            measures.add(new Measure(
                    place,
                    characters + " > " + length.group(1),
                    "max(" + characters + ")",
                    (rows, worst, key) -> rows + " row(s) are longer than " + wanted.declared() + " takes, the longest "
                            + worst + " characters (key " + key
                            + "); they will become rejects: widen the column, or cut"
                            + " them in the expression with left(…, " + length.group(1) + ")"));
        }
    }

    private static void integer(String place, String sql, int source, ColumnType wanted, List<Measure> measures) {
        int bits = wanted.oid() == INT2 ? 15 : wanted.oid() == INT4 ? 31 : 63;
        String bound = BigInteger.TWO.pow(bits).toString();
        boolean narrower = !(INTEGERS.contains(source) && bytes(source) < bytes(wanted.oid()));
        if (narrower) {
            String type = FLOATS.contains(source) ? "::float8" : "::numeric";
            outOfRange(
                    place,
                    "(" + sql + " >= " + bound + type + " OR " + sql + " < -(" + bound + type + "))",
                    sql,
                    source,
                    wanted,
                    measures);
        }
        if (!INTEGERS.contains(source)) {
            measures.add(new Measure(
                    place,
                    sql + " <> trunc(" + sql + ")",
                    "min((" + sql + ")::text)",
                    (rows, worst, key) -> rows + " row(s) have decimals, such as " + worst + " (key " + key
                            + "), which " + wanted.declared()
                            + " rounds away: write round(…) to say so, or widen the column"));
        }
    }

    private static int bytes(int integer) {
        return integer == INT2 ? 2 : integer == INT4 ? 4 : 8;
    }

    private static void precision(String place, String sql, int source, ColumnType wanted, List<Measure> measures) {
        Matcher precision = PRECISION.matcher(wanted.declared());
        if (!precision.matches()) {
            return;
        }
        int scale = Integer.parseInt(precision.group(2));
        int whole = Integer.parseInt(precision.group(1)) - scale;
        String value = "(" + sql + ")::numeric";
        outOfRange(
                place,
                "(abs(round(" + value + ", " + scale + ")) >= 1e" + whole + "::numeric AND " + value + " <> 'NaN')",
                sql,
                source,
                wanted,
                measures);
        if (!INTEGERS.contains(source) || scale < 0) {
            measures.add(new Measure(
                    place,
                    value + " <> round(" + value + ", " + scale + ")",
                    "min((" + sql + ")::text)",
                    (rows, worst, key) -> rows + " row(s) have more decimals than " + wanted.declared()
                            + " keeps, such as " + worst + " (key " + key + "): they are rounded; write round(…, "
                            + scale + ") to say so, or widen the column"));
        }
    }

    private static void outOfRange(
            String place, String condition, String sql, int source, ColumnType wanted, List<Measure> measures) {
        measures.add(new Measure(
                place,
                condition,
                "max(abs((" + sql + ")" + (FLOATS.contains(source) ? "::float8" : "::numeric") + "))",
                (rows, worst, key) -> rows + " row(s) are out of the range of " + wanted.declared() + ", up to " + worst
                        + " (key " + key + "); they will become rejects: widen the column"));
    }
}
