package dev.backpop.producer.selftest;

import dev.backpop.producer.selftest.Finding.Column;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The faults of the built-in fixture, one of every kind that a report can name, each on a row of its own with clean rows
 * around it.
 */
final class FixtureFaults {
    private static final long FIRST_KEY = 10;
    private static final long LAST_KEY = 7_200;
    private static final long APART = 100;

    private final List<FixtureFault> faults = new ArrayList<>();

    private FixtureFaults() {}

    static List<FixtureFault> all() {
        FixtureFaults all = new FixtureFaults();
        all.rows();
        all.texts();
        all.nulls();
        all.times();
        all.numbers();
        all.others();
        return List.copyOf(all.faults);
    }

    private void rows() {
        long dropped = nextKey();
        add("dropped row", delete(dropped), Finding.missing(json(dropped), null));
        add("dropped first row", delete(FIRST_KEY), Finding.missing(json(FIRST_KEY), null));
        add("dropped last row", delete(LAST_KEY), Finding.missing(json(LAST_KEY), null));
        long extra = nextKey();
        add("extra row", insertExtra(extra + 3, extra), Finding.unexpected(json(extra + 3), null));
        add("extra row before the first", insertExtra(1, extra), Finding.unexpected(json(1), null));
        add("extra row after the last", insertExtra(LAST_KEY + 7, extra), Finding.unexpected(json(LAST_KEY + 7), null));
        long shifted = nextKey();
        add(
                "off-by-one key",
                "UPDATE forum.reply SET id = id + 1 WHERE id = " + shifted,
                Finding.missing(json(shifted), RowWords.MOVED_FROM),
                Finding.unexpected(json(shifted + 1), RowWords.MOVED_TO));
        long twice = nextKey();
        add("duplicated reply", copy(twice + 5, twice, "body"), Finding.unexpected(json(twice + 5), RowWords.COPY));
        column("reply under another parent", "parent_id", "parent_id + 10", "off by 10");
        long swapped = nextKey();
        add(
                "swapped columns",
                "UPDATE forum.reply SET author = editor, editor = author WHERE id = " + swapped,
                Finding.mismatched(
                        json(swapped),
                        new Column("author", "swapped with editor"),
                        new Column("editor", "swapped with author")));
    }

    private void texts() {
        column("truncated text", "body", "left(body, 20)", "truncated to 20 characters");
        column("case", "body", "upper(body)", "case");
        column("NFC", "body", "normalize(body, NFD)", "Unicode normalization");
        column("HTML escaping", "body", html("body"), "HTML escaping");
        column("HTML escaping, twice", "body", html(html("body")), "HTML escaping");
        column("case and HTML escaping", "body", html("lower(body)"), "HTML escaping and case");
        column("line endings", "body", "replace(body, E'\\n', E'\\r\\n')", "line endings");
        column("white space at an end", "body", "body || ' '", "leading or trailing white space");
        column("white space", "body", "replace(body, ' ', '  ')", "white space");
        column("NUL characters", "body", "body || '\\u0000'", "NUL characters");
        column("invisible characters", "body", "U&'\\200B' || body", "invisible characters");
        column("quotation marks", "body", "replace(body, '\"', U&'\\201C')", "quotation marks");
        column(
                "wrong character encoding",
                "body",
                "convert_from(convert_to(body, 'UTF8'), 'LATIN1')",
                "wrong character encoding");
        column("replacement characters", "body", "translate(body, U&'\\00EF\\00E9', '??')", "replacement characters");
        column("another text", "body", "'nothing like it'", null);
        column("another word", "shown", "replace(shown, 'so', 'thus')", "other words");
        column(
                "JSON spelled differently",
                "settings",
                "'{\"b\": [\"x\"], \"a\": 1}'",
                "same JSON, spelled differently");
        column("number spelled differently", "rate", "'1.5'", "same number, spelled differently");
        column(
                "instant spelled differently",
                "sent",
                "'2020-01-01T12:00:00+02:00'",
                "same instant, spelled differently");
    }

    private void nulls() {
        column("lost NULL", "remark", "''", "empty text for NULL");
        column("lost NULL, blank", "remark", "' '", "blank for NULL");
        column("lost NULL, a value", "remark", "'a remark'", "NULL became a value");
        column("value lost", "body", "NULL", "value lost (NULL)");
        column("empty text lost", "nickname", "NULL", "NULL for an empty text");
    }

    private void times() {
        column("shifted time zone", "created_at", "created_at + interval '2 hours'", zone("whole", "+2"));
        column("shifted time zone, west", "created_at", "created_at - interval '5 hours'", zone("whole", "-5"));
        column(
                "shifted time zone, with minutes",
                "created_at",
                "created_at + interval '5 hours 30 minutes'",
                zone("quarter", "+5:30"));
        column("shifted time zone in a text", "sent", "'2020-01-01T12:00:00Z'", zone("whole", "+2"));
        column("off by a second", "created_at", "created_at + interval '1 second'", "off by 1 s");
        column("off by a day", "created_at", "created_at + interval '24 hours'", "off by 1 day");
        column("sub-second part lost", "created_at", "date_trunc('second', created_at)", "sub-second part lost");
        column(
                "sub-millisecond part lost",
                "created_at",
                "date_trunc('milliseconds', created_at)",
                "sub-millisecond part lost");
        column("time of day lost", "created_at", "date_trunc('day', created_at, 'UTC')", "time of day lost");
    }

    private void numbers() {
        column("off by one", "score", "score + 1", "off by 1");
        column("sign", "amount", "-amount", "sign");
        column("rounded", "amount", "round(amount, 2)", "rounded");
        column("decimals cut off", "amount", "trunc(amount, 2)", "decimals cut off");
        column("factor", "amount", "amount * 100", "factor 100");
    }

    private void others() {
        column("inverted", "open", "NOT open", "inverted");
        column("order of elements", "tags", "ARRAY['c', 'b', 'a']", "order");
        column("repeated element", "tags", "tags || 'c'::text", "repetition");
        column("changed JSON", "meta", "meta || '{\"a\": 2}'", null);
        column("truncated bytes", "file", "substring(file FROM 1 FOR 3)", "truncated to 3 bytes");
    }

    private long nextKey() {
        return APART * (faults.size() + 1);
    }

    private void column(String name, String column, String value, @Nullable String cause) {
        long key = nextKey();
        add(
                name,
                "UPDATE forum.reply SET " + column + " = " + value + " WHERE id = " + key,
                Finding.mismatched(json(key), new Column(column, cause)));
    }

    private void add(String name, String sql, Finding... expected) {
        faults.add(new FixtureFault(name, sql, List.of(expected)));
    }

    private static String delete(long key) {
        return "DELETE FROM forum.reply WHERE id = " + key;
    }

    private static String insertExtra(long key, long like) {
        return copy(key, like, "'an extra reply ' || " + key);
    }

    private static String copy(long key, long original, String body) {
        String others = "parent_id, author, editor, nickname, remark, settings, rate, sent, created_at, score, amount,"
                + " open, tags, meta, file, shown, views, imported";
        return "INSERT INTO forum.reply (id, body, " + others + ") SELECT " + key + ", " + body + ", " + others
                + " FROM forum.reply WHERE id = " + original;
    }

    private static String html(String text) {
        return "replace(replace(replace(" + text + ", '&', '&amp;'), '<', '&lt;'), '>', '&gt;')";
    }

    private static String zone(String kind, String hours) {
        return kind + " hours apart, as of a time zone: " + hours + " h";
    }

    private static String json(long key) {
        return "[" + key + "]";
    }
}
