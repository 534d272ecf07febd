package dev.backpop.producer.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * One way in which rows of table {@code post} go wrong, done by one statement to rows that no other way has damaged. The
 * statement itself notes in table {@code damage} which rows it hit, and what a report has to say of them.
 *
 * @param statement plain SQL, which takes the rows from {@code chosen} and returns those hit
 * @param condition which rows the damage changes, and in no other way than is meant
 * @param found what is to be found of the rows returned: rows of {@code (id, kind, columns, cause)} from {@code hit}
 */
record Damage(String name, String statement, String condition, String found) {
    private static final String IN_CHOSEN = " WHERE id IN (SELECT id FROM chosen) RETURNING id";
    private static final String COLUMNS =
            "name, title, url, domain, selftext, subreddit, created_at, edited, edited_at,"
                    + " score, num_comments, over_18, is_self, distinguished";
    /** Where there are few that can be damaged so, most are taken. */
    private static final int FEWEST = 250;

    /** Each comes once, the rarest rows first. */
    static final List<Damage> ALL = List.of(
            text("decomposed", "title", "normalize(title, NFD)", "Unicode normalization"),
            when(
                    "compatibility forms lost",
                    "title",
                    "normalize(title, NFKD)",
                    // A no-break space would become a blank, which is another cause.
                    "title !~ '[\\u00a0\\u2000-\\u200a\\u202f\\u205f\\u3000]'",
                    "Unicode normalization"),
            text("moderators lost", "distinguished", "NULL", "value lost (NULL)"),
            text("unescaped", "title", "replace(title, '&amp;', '&')", "HTML escaping"),
            text("escaped again", "title", "replace(title, '&', '&amp;')", "HTML escaping"),
            text(
                    "UTF-8 read as Latin-1",
                    "title",
                    "convert_from(convert_to(title, 'UTF8'), 'LATIN1')",
                    "wrong character encoding"),
            text(
                    "question marks",
                    "title",
                    "regexp_replace(title, '[^\\x01-\\x7f]', '?', 'g')",
                    "replacement characters"),
            text("time of the edit lost", "edited_at", "NULL", "value lost (NULL)"),
            text("upper case", "title", "upper(title)", "case"),
            text("lower case", "subreddit", "lower(subreddit)", "case"),
            text("trailing blank", "title", "title || ' '", "leading or trailing white space"),
            text("leading blank", "title", "' ' || title", "leading or trailing white space"),
            when("inner blanks", "title", "replace(title, ' ', '  ')", "btrim(title) LIKE '% %'", "white space"),
            when(
                    "line endings",
                    "selftext",
                    "replace(selftext, chr(10), chr(13) || chr(10))",
                    "btrim(selftext, chr(10) || ' ') LIKE '%' || chr(10) || '%' AND selftext NOT LIKE '%' || chr(13) || '%'",
                    "line endings"),
            text(
                    "zero-width space",
                    "title",
                    "left(title, 3) || chr(8203) || substr(title, 4)",
                    "invisible characters"),
            text("typographic quotes", "title", "translate(title, '''\"', '’”')", "quotation marks"),
            when(
                    "upper case and a blank",
                    "title",
                    "upper(title) || ' '",
                    "upper(title) <> title",
                    "leading or trailing white space and case"),
            when("cut", "title", "left(title, 20)", "length(btrim(title)) > 20", "truncated to 20 characters"),
            text("value lost", "domain", "NULL", "value lost (NULL)"),
            when("NULL for empty", "selftext", "NULL", "selftext = ''", "NULL for an empty text"),
            when("blank for empty", "selftext", "' '", "selftext = ''", "leading or trailing white space"),
            when("empty for NULL", "distinguished", "''", "distinguished IS NULL", "empty text for NULL"),
            when("blank for NULL", "distinguished", "' '", "distinguished IS NULL", "blank for NULL"),
            when("value for NULL", "distinguished", "'admin'", "distinguished IS NULL", "NULL became a value"),
            text("a second late", "created_at", "created_at + interval '1 second'", "off by 1 s"),
            when(
                    "a second early",
                    "created_at",
                    "created_at - interval '1 second'",
                    "extract(epoch FROM created_at)::bigint % 86400 <> 1",
                    "off by 1 s"),
            text(
                    "time zone",
                    "created_at",
                    "created_at + interval '2 hours'",
                    "whole hours apart, as of a time zone: +2 h"),
            text("a day late", "created_at", "created_at + interval '24 hours'", "off by 1 day"),
            when(
                    "only the date",
                    "created_at",
                    "date_trunc('day', created_at, 'UTC')",
                    "extract(epoch FROM created_at)::bigint % 86400 > 14 * 3600",
                    "time of day lost"),
            text("sign", "score", "-score", "sign"),
            text("one more", "score", "score + 1", "off by 1"),
            text("hundredfold", "num_comments", "num_comments * 100", "factor 100"),
            text("inverted", "over_18", "NOT over_18", "inverted"),
            update(
                    "exchanged columns",
                    "title = selftext, selftext = title",
                    "title IS DISTINCT FROM selftext",
                    "title: swapped with selftext, selftext: swapped with title"),
            update(
                    "two columns",
                    "title = upper(title), created_at = created_at + interval '1 second'",
                    "title <> upper(title)",
                    "title: case, created_at: off by 1 s"),
            new Damage("dropped", "DELETE FROM post" + IN_CHOSEN, "true", "SELECT id, 'missing', NULL, NULL FROM hit"),
            new Damage(
                    "under another key",
                    "UPDATE post SET id = id + 1000000000000" + IN_CHOSEN,
                    "true",
                    "SELECT id - 1000000000000, 'missing', 'id: -', 'its row stands under another key' FROM hit"
                            + " UNION ALL SELECT id, 'unexpected', 'id: -', 'the row of another key' FROM hit"),
            new Damage(
                    "duplicated under a new id",
                    "INSERT INTO post (id, " + COLUMNS + ") SELECT id + 2000000000000, " + COLUMNS
                            + " FROM post JOIN chosen USING (id) RETURNING id",
                    "true",
                    "SELECT id, 'unexpected', 'id: -', 'a copy of another row' FROM hit"),
            new Damage(
                    "rows of nowhere",
                    "INSERT INTO post (id, " + COLUMNS + ") SELECT id + 3000000000000, "
                            + COLUMNS.replace("name, title", "name || '-', title || ' (sold)'")
                            + " FROM post JOIN chosen USING (id) RETURNING id",
                    "true",
                    "SELECT id, 'unexpected', NULL, NULL FROM hit"));

    private static Damage text(String name, String column, String becomes, String cause) {
        return when(name, column, becomes, "true", cause);
    }

    private static Damage when(String name, String column, String becomes, String condition, String cause) {
        return update(
                name,
                column + " = " + becomes,
                column + " IS DISTINCT FROM " + becomes + " AND " + condition,
                column + ": " + cause);
    }

    private static Damage update(String name, String assignments, String condition, String columns) {
        return new Damage(
                name,
                "UPDATE post SET " + assignments + IN_CHOSEN,
                condition,
                "SELECT id, 'mismatched', '" + columns + "', NULL FROM hit");
    }

    /** A table of the test's own in the target's database. */
    static void createTable(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE damage (id bigint PRIMARY KEY, way text NOT NULL, kind text NOT NULL, columns text, cause text)");
        }
    }

    /** @return what the statement says it hit: rows that a report must name */
    int strike(Connection connection) throws SQLException {
        // Another number for each, so that counts of two ways cannot be mistaken for each other's.
        int rows = FEWEST + ALL.indexOf(this);
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate("WITH chosen AS (SELECT id FROM post WHERE (" + condition + ") AND id NOT IN"
                    + " (SELECT id FROM damage) ORDER BY md5(id::text) LIMIT " + rows + "), hit AS (" + statement()
                    + ")"
                    + " INSERT INTO damage (id, way, kind, columns, cause) SELECT found.id, '" + name
                    + "', found.kind, found.columns, found.cause FROM (" + found
                    + ") AS found (id, kind, columns, cause)");
        }
    }
}
