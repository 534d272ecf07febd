package dev.backpop.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code verify} of an entity. What cannot be read is noted as a problem and has its default. */
final class VerifyReader {
    private static final Duration LONGEST_SETTLE = Duration.ofHours(1);
    private static final int MOST_LOOKS = 1_000;

    private VerifyReader() {}

    /** @param element null when the plan says nothing, which leaves every default */
    static Verification read(@Nullable Element element) {
        Verification defaults = Verification.DEFAULTS;
        Section section =
                element == null ? null : element.section(List.of("method", "settle", "looks", "sequence_margin"));
        if (section == null) {
            return defaults;
        }
        return new Verification(
                method(section.optional("method")),
                settle(section.optional("settle"), defaults.settle()),
                (int) number(section.optional("looks"), 1, MOST_LOOKS, defaults.looks()),
                number(section.optional("sequence_margin"), 0, Long.MAX_VALUE, defaults.sequenceMargin()));
    }

    private static Verification.@Nullable Method method(@Nullable Element element) {
        String word = element == null ? null : element.text();
        if (element == null || word == null) {
            return null;
        }
        Optional<Verification.Method> method = Verification.Method.ofWord(word);
        if (method.isEmpty()) {
            element.problem("unknown method '" + element.shown() + "'"
                    + Spelling.hint(element.raw(), Verification.Method.words()));
        }
        return method.orElse(null);
    }

    private static Duration settle(@Nullable Element element, Duration otherwise) {
        String text = element == null ? null : element.text();
        if (element == null || text == null) {
            return otherwise;
        }
        Optional<Duration> time = DurationText.parse(text);
        if (time.isEmpty() || time.get().compareTo(LONGEST_SETTLE) > 0) {
            element.problem("expected a time from 0s to 1h such as 5s or 500ms, found " + element.shown());
            return otherwise;
        }
        return time.get();
    }

    private static long number(@Nullable Element element, long least, long most, long otherwise) {
        String text = element == null ? null : element.text();
        if (element == null || text == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text);
            if (text.matches("[0-9]+") && number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, with what is expected.
        }
        element.problem("expected a whole number from " + least + " to " + most + ", found " + element.shown());
        return otherwise;
    }
}
