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
        String words = ends(isAscii(title) ? asciiWords(title) : words(title)).toLowerCase(Locale.ROOT);
        if (words.length() > LONGEST) {
            words = words.substring(0, LONGEST);
            int last = words.lastIndexOf('_');
            words = last > 0 ? words.substring(0, last) : words;
        }
        return words.isEmpty() ? "_" : words;
    }

    private static String words(String title) {
        String words = SPACE.matcher(title).replaceAll("_");
        words = NO_WORD.matcher(words).replaceAll("");
        return UNDERSCORES.matcher(words).replaceAll("_");
    }

    private static boolean isAscii(String title) {
        return title.chars().allMatch(character -> character < 128);
    }

    /** The same without patterns, which are slow enough to be seen where posts come by the thousand. */
    private static String asciiWords(String title) {
        StringBuilder words = new StringBuilder(title.length());
        for (int i = 0; i < title.length(); i++) {
            char character = title.charAt(i);
            boolean space = character == ' ' || (character >= '\t' && character <= '\r');
            if (space || character == '_') {
                if (words.isEmpty() || words.charAt(words.length() - 1) != '_') {
                    words.append('_');
                }
            } else if (Character.isLetterOrDigit(character)) {
                words.append(character);
            }
        }
        return words.toString();
    }

    private static String ends(String words) {
        int first = words.startsWith("_") ? 1 : 0;
        int last = words.length() > first && words.endsWith("_") ? words.length() - 1 : words.length();
        return words.substring(first, last);
    }
}
