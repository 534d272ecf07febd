package dev.backpop.producer.selftest;

import java.util.List;
import java.util.Set;

/**
 * A fault for any column of some types. In all SQL, {@code $c} is the column.
 *
 * @param types the object ids of the types whose columns it is for
 * @param condition which rows show it for certain, never NULL ones unless it says so
 * @param value what the column becomes
 * @param cause SQL of what has to be reported
 * @param nullable only for columns that may be NULL
 */
record ColumnFault(String name, Set<Integer> types, String condition, String value, String cause, boolean nullable) {
    private static final Set<Integer> TEXTS = Set.of(25, 1043);
    private static final Set<Integer> INTEGERS = Set.of(20, 21, 23);
    private static final Set<Integer> TIMES = Set.of(1114, 1184);
    private static final Set<Integer> BOOLEANS = Set.of(16);
    private static final Set<Integer> NUMBERS = Set.of(1700, 20, 21, 23);

    /** A word of ASCII at its beginning and end: no number, time or JSON, which are read as such. */
    private static final String WORDS = "$c ~ '^[A-Za-z]([ -~]*[A-Za-z0-9])?$'";

    /** The same with anything between. */
    private static final String WORDS_AROUND = "$c ~ '^[A-Za-z](.*[A-Za-z0-9])?$'";

    static final List<ColumnFault> ALL = List.of(
            of(
                    "truncated text",
                    TEXTS,
                    WORDS_AROUND + " AND char_length($c) BETWEEN 2 AND 100000",
                    "left($c, -1)",
                    "'truncated to ' || char_length($c) - 1 || ' characters'"),
            of("case", TEXTS, WORDS, "CASE WHEN upper($c) = $c::text THEN lower($c) ELSE upper($c) END", "'case'"),
            // The wide form of the first letter, which NFKC takes for the letter itself.
            of("NFC", TEXTS, WORDS_AROUND, "chr(ascii($c) + 65248) || substr($c, 2)", "'Unicode normalization'"),
            of("HTML escaping", TEXTS, WORDS_AROUND, "'&#' || ascii($c) || ';' || substr($c, 2)", "'HTML escaping'"),
            of("white space at an end", TEXTS, WORDS_AROUND, "$c || ' '", "'leading or trailing white space'"),
            of(
                    "shifted time zone",
                    TIMES,
                    "isfinite($c)",
                    "$c + interval '2 hours'",
                    "'whole hours apart, as of a time zone: +2 h'"),
            of("off by one", INTEGERS, "$c BETWEEN 0 AND 30000", "$c + 1", "'off by 1'"),
            of("sign", NUMBERS, "$c BETWEEN 0.0001 AND 30000", "-$c", "'sign'"),
            of("inverted", BOOLEANS, "$c IS NOT NULL", "NOT $c", "'inverted'"),
            new ColumnFault("lost NULL", TEXTS, "$c IS NULL", "''", "'empty text for NULL'", true),
            new ColumnFault("value lost", TEXTS, "$c ~ '[A-Za-z]'", "NULL", "'value lost (NULL)'", true),
            new ColumnFault("number lost", NUMBERS, "$c IS NOT NULL", "NULL", "'value lost (NULL)'", true),
            new ColumnFault("time lost", TIMES, "$c IS NOT NULL", "NULL", "'value lost (NULL)'", true));

    private static ColumnFault of(String name, Set<Integer> types, String condition, String value, String cause) {
        return new ColumnFault(name, types, condition, value, cause, false);
    }
}
