package dev.backpop.stores.check;

/**
 * One thing to count while the legacy rows are read.
 *
 * @param condition SQL that is true of the rows to count
 * @param worst an SQL aggregate over those rows that shows how bad it is, or any constant
 * @param words says it
 */
record Measure(String place, String condition, String worst, Words words) {
    /** The message for what was counted. */
    interface Words {
        /** @param key one of the keys */
        String say(long rows, String worst, String key);
    }

    /** The select list of this measure: how many, how bad, and one key. */
    String select(String keyText) {
        String filter = " FILTER (WHERE " + condition + ")";
        String shown = worst.endsWith(")") ? "(" + worst + filter + ")::text" : "''";
        return "count(*)" + filter + ", " + shown + ", min(" + keyText + ")" + filter;
    }
}
