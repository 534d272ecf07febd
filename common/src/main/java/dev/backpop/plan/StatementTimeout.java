package dev.backpop.plan;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code statement_timeout}: how long a store may work on one statement of a chunk. */
final class StatementTimeout {
    static final String NAME = "statement_timeout";

    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration MOST = Duration.ofHours(1);
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,9}) *(ms|s|min)");
    private static final Map<String, Long> MILLIS = Map.of("ms", 1L, "s", 1_000L, "min", 60_000L);

    private StatementTimeout() {}

    /** @return null when it is absent, or with a problem noted when it is no such time */
    static @Nullable Duration read(Section section) {
        Element element = section.optional(NAME);
        String text = element == null ? null : element.text();
        if (element == null || text == null) {
            return null;
        }
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            element.problem("is not a time: write a number with its unit, such as 500ms, 60s or 5min");
            return null;
        }
        long unit = MILLIS.getOrDefault(matcher.group(2), 0L);
        Duration timeout = Duration.ofMillis(Long.parseLong(matcher.group(1)) * unit);
        if (timeout.compareTo(LEAST) < 0 || timeout.compareTo(MOST) > 0) {
            element.problem(
                    "must be between 100ms and 60min: a store that may take for ever stops a campaign for ever");
            return null;
        }
        return timeout;
    }
}
