package dev.backpop.standin;

import dev.backpop.plan.DurationText;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many requests a user may make in each period of a length; periods follow one another from the server's start. */
public record Allowance(int requests, Duration per) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})/(.+)");

    public Allowance {
        if (requests < 1 || per.isNegative() || per.isZero()) {
            throw new IllegalArgumentException("an allowance of " + requests + " requests in " + per
                    + " allows nothing; both must be more than nothing");
        }
    }

    /** As people write it, {@code 100/60s}; empty for any other text. */
    public static Optional<Allowance> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int requests = Integer.parseInt(matcher.group(1));
        return DurationText.parse(matcher.group(2))
                .filter(per -> requests > 0 && !per.isZero())
                .map(per -> new Allowance(requests, per));
    }
}
