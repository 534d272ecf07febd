package dev.backpop.plan;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A mapping of a plan file whose possible names are known; unknown names are noted as problems when it is made. */
final class Section {
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,40}");

    private final Element whole;
    private final Map<String, Element> values;

    Section(Element whole, Map<String, Element> values, List<String> known) {
        this.whole = whole;
        this.values = values;
        values.forEach((name, value) -> {
            if (!known.contains(name)) {
                unknown(name, value, known);
            }
        });
    }

    private static void unknown(String name, Element value, List<String> known) {
        // In {user: app, s3cret} the unknown "key" is a value that lost its name, so it is not repeated.
        boolean mayBeSecret = !PLAIN_NAME.matcher(name).matches()
                || (value.isEmpty() && Spelling.nearest(name, known).isEmpty());
        if (mayBeSecret) {
            value.problemWithoutName("unknown key; known here: " + String.join(", ", known));
        } else {
            value.problem("unknown key '" + name + "'" + Spelling.hint(name, known));
        }
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    @Nullable
    Element optional(String name) {
        return values.get(name);
    }

    /** @return null, with a problem noted, when the mapping lacks it */
    @Nullable
    Element required(String name) {
        Element value = values.get(name);
        if (value == null) {
            whole.problem("'" + name + "' is missing");
        }
        return value;
    }

    /** @return null when it is absent, or with a problem noted when it is there but no text */
    @Nullable
    String optionalText(String name) {
        Element value = values.get(name);
        return value == null ? null : value.text();
    }

    @Nullable
    String requiredText(String name) {
        Element value = required(name);
        return value == null ? null : value.text();
    }

    Element whole() {
        return whole;
    }
}
