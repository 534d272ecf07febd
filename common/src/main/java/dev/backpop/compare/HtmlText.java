package dev.backpop.compare;

import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HTML's escapes: the five of XML, {@code nbsp}, and numeric ones. */
final class HtmlText {
    private static final Pattern ESCAPE =
            Pattern.compile("&(?:(amp|lt|gt|quot|apos|nbsp)|#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6}));");
    private static final Map<String, String> NAMED =
            Map.of("amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'", "nbsp", "\u00a0");
    /** Escaped more often than that by mistake is not seen. */
    private static final int MOST_TIMES = 4;

    private HtmlText() {}

    /** The text without escapes, even where they were escaped again. */
    static String unescaped(String text) {
        String plain = text;
        for (int i = 0; i < MOST_TIMES && plain.indexOf('&') >= 0; i++) {
            plain = ESCAPE.matcher(plain).replaceAll(escape -> Matcher.quoteReplacement(meant(escape)));
        }
        return plain;
    }

    private static String meant(MatchResult escape) {
        if (escape.group(1) != null) {
            return NAMED.getOrDefault(escape.group(1).toLowerCase(Locale.ROOT), escape.group());
        }
        int character =
                escape.group(2) != null ? Integer.parseInt(escape.group(2)) : Integer.parseInt(escape.group(3), 16);
        boolean known = Character.isValidCodePoint(character)
                && (character < Character.MIN_SURROGATE || character > Character.MAX_SURROGATE);
        return known ? Character.toString(character) : escape.group();
    }
}
