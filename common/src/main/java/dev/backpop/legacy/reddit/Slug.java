package dev.backpop.legacy.reddit;

import java.util.Locale;
import java.util.regex.Pattern;

/** The words of a title as they stand in the address of its post. */
final class Slug {
    private static final int LONGEST = 50;
    private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern NO_WORD = Pattern.compile("\\W+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern UNDERSCORES = Pattern.compile("_+");

    private Slug() {}

    static String of(String title) {
        String words = SPACE.matcher(title).replaceAll("_");
        words = NO_WORD.matcher(words).replaceAll("");
        words = UNDERSCORES.matcher(words).replaceAll("_");
        words = words.replaceAll("^_|_$", "").toLowerCase(Locale.ROOT);
        if (words.length() > LONGEST) {
            words = words.substring(0, LONGEST);
            int last = words.lastIndexOf('_');
            words = last > 0 ? words.substring(0, last) : words;
        }
        return words.isEmpty() ? "_" : words;
    }
}
