package dev.backpop.legacy.reddit;

import dev.backpop.plan.From;
import java.util.regex.Pattern;

/** Reddit's ids: a positive number in base 36, lower case, without a sign and without zeros in front. */
final class ThingId {
    private static final Pattern DIGITS = Pattern.compile("[0-9a-z]{1,13}");

    private ThingId() {}

    /**
     * The number of an id.
     *
     * @throws IllegalArgumentException when it is none, such as the {@code _} of replies that are elsewhere
     */
    static long number(String id) {
        // What the JDK takes beside these digits: signs, upper case, digits of other scripts.
        if (DIGITS.matcher(id).matches()) {
            try {
                long number = Long.parseLong(id, 36);
                if (number > 0 && text(number).equals(id)) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("'" + id + "' is above every id that a bigint can hold", e);
            }
        }
        throw new IllegalArgumentException("'" + id + "' is no id: expected a number in base 36, lower case");
    }

    /** The number in a name such as {@code t3_z64kk}. */
    static long number(From.Thing thing, String name) {
        String start = thing.kind() + "_";
        if (!name.startsWith(start)) {
            throw new IllegalArgumentException("'" + name + "' is no name of a " + thing.kind());
        }
        return number(name.substring(start.length()));
    }

    static String text(long number) {
        return Long.toString(number, 36);
    }

    /** The name of a thing, such as {@code t3_z64kk}. */
    static String name(From.Thing thing, long number) {
        return thing.kind() + "_" + text(number);
    }
}
