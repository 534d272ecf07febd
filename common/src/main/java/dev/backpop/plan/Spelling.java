package dev.backpop.plan;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Guesses which known word a misspelt one was meant to be. */
public final class Spelling {
    private static final int SHORTEST_PREFIX = 3;

    private Spelling() {}

    /** {@code ; did you mean 'columns'?}, or else the known words. */
    static String hint(String word, Collection<String> known) {
        return nearest(word, known)
                .map(meant -> "; did you mean '" + meant + "'?")
                .orElse("; known here: " + String.join(", ", known));
    }

    /** The known word nearest to the given one; empty when none is near. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        String given = word.toLowerCase(Locale.ROOT);
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (String candidate : known) {
            String lower = candidate.toLowerCase(Locale.ROOT);
            int distance = distance(given, lower);
            boolean near = distance <= Math.max(1, Math.min(given.length(), lower.length()) / 3);
            if ((near || isPrefix(given, lower)) && distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    private static boolean isPrefix(String one, String other) {
        return Math.min(one.length(), other.length()) >= SHORTEST_PREFIX
                && (one.startsWith(other) || other.startsWith(one));
    }

    /** Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other. */
    private static int distance(String one, String other) {
        int[][] steps = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    steps[i][j] = i + j;
                    continue;
                }
                int replaced = steps[i - 1][j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                steps[i][j] = Math.min(replaced, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    steps[i][j] = Math.min(steps[i][j], steps[i - 2][j - 2] + 1);
                }
            }
        }
        return steps[one.length()][other.length()];
    }
}
