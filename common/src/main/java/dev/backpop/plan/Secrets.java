package dev.backpop.plan;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sees to it that no secret stands in a plan file itself, because the plan is kept in the ledger as it is written. */
final class Secrets {
    private static final String WHY = ": the plan is kept in the ledger, so a secret must come from the environment. ";

    /** The first group of each is the secret. Both the shortest and the longest reading of a user's part are tried. */
    private static final List<Pattern> IN_URL = List.of(
            Pattern.compile("//(?!\\[)[^:/?#@]*:(?!\\d{1,5}[/?,])([^@]+)@"),
            Pattern.compile("//(?!\\[)[^:/?#@]*:(?!\\d{1,5}[/?,])(.+)@"),
            Pattern.compile("(?i)jdbc:oracle:\\w+:[^/@]*/([^@]+)@"),
            Pattern.compile("(?i)(?:password|passwd|pwd|passphrase|secret|token)\\s*=\\s*([^&;]+)"));

    private Secrets() {}

    /** The password, exactly; null when it is absent, or with a problem noted. */
    static @Nullable String password(Section section) {
        return secret(section, "password", "a password");
    }

    /**
     * A secret of any name, exactly; null when it is absent, or with a problem noted.
     *
     * @param what what messages call it, with its article
     */
    static @Nullable String secret(Section section, String name, String what) {
        Element secret = section.optional(name);
        if (secret == null) {
            return null;
        }
        if (secret.isEmpty()) {
            return secret.text();
        }
        String raw = secret.raw();
        if (!raw.isEmpty() && !Variables.refersToVariable(raw)) {
            secret.problem(what + " stands in the plan" + WHY + "Write " + name
                    + ": \"${NAME}\" and set NAME, or NAME_FILE to a file that holds it");
            return null;
        }
        return secret.exactText();
    }

    /** Notes a problem when the URL holds a password that does not come from a variable. */
    static void checkUrl(Element url) {
        boolean literal = IN_URL.stream()
                .flatMap(pattern -> pattern.matcher(url.raw()).results())
                .anyMatch(match -> !Variables.refersToVariable(match.group(1)));
        if (literal) {
            url.problem("a password stands in the URL" + WHY
                    + "Take it out and write password: \"${NAME}\" beside the URL, or ${NAME} in its place");
        }
    }
}
