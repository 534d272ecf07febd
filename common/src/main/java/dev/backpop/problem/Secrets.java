package dev.backpop.problem;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Hides credentials in text that is about to leave the process. Thread-safe. Hides rather too much than too little. */
public final class Secrets {
    private static final String MASK = "***";

    /**
     * To the last {@code @} before a blank, since passwords hold unescaped {@code @} and {@code /} more often than not; of
     * bounded length, like all of these, so that a log line of a megabyte costs no more than its length.
     */
    private static final Pattern USER_INFORMATION = Pattern.compile("://\\S{0,1024}@");

    private static final String NAMES = "(?:password|passwd|pwd|secret|passphrase|token|api[_-]?key)";

    /** {@code password=…} in URLs, connection strings and environments. */
    private static final Pattern PARAMETER = Pattern.compile(
            "(" + NAMES + "\\s{0,8}=\\s{0,8})(?:\"[^\"]*\"|'[^']*'|[^\\s&;,)}\"']+)", Pattern.CASE_INSENSITIVE);

    /** {@code "password": "…"} in JSON. */
    private static final Pattern MEMBER = Pattern.compile(
            "(" + NAMES + "\"\\s{0,8}:\\s{0,8})(?:\"(?:[^\"\\\\]|\\\\.)*+\"|[^\\s,}\\]\"]+)", Pattern.CASE_INSENSITIVE);

    private static final Pattern AUTHORIZATION = Pattern.compile(
            "(authorization\"?\\s*[:=]\\s*\"?(?:bearer|basic)\\s+)[^\\s\",]+", Pattern.CASE_INSENSITIVE);

    private Secrets() {}

    /**
     * The same text with {@code ***} for the user information of URLs and for the values of parameters that are named like a
     * secret; empty for null.
     */
    public static String mask(@Nullable String text) {
        if (text == null) {
            return "";
        }
        String masked = text;
        if (masked.contains("://")) {
            masked = USER_INFORMATION.matcher(masked).replaceAll("://" + MASK + "@");
        }
        masked = PARAMETER.matcher(masked).replaceAll("$1" + MASK);
        masked = MEMBER.matcher(masked).replaceAll("$1\"" + MASK + "\"");
        return AUTHORIZATION.matcher(masked).replaceAll("$1" + MASK);
    }
}
