package dev.backpop.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What kind of legacy store a plan names, known even when the rest of it is wrong. */
@SuppressWarnings("ImmutableEnumChecker") // The lists are made by List.of.
enum LegacyKind {
    JDBC("a database", "table", "query"),
    FILE("files", "file"),
    REDDIT("Reddit", "things");

    private final String description;
    private final List<String> sources;

    LegacyKind(String description, String... sources) {
        this.description = description;
        this.sources = List.of(sources);
    }

    /** The name of the store in a plan's section {@code legacy}. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    String description() {
        return description;
    }

    /** The names by which an entity's {@code from} can say what of such a store it reads. */
    List<String> sources() {
        return sources;
    }

    /** Those that a plan's section {@code legacy} names, of which there should be one. */
    static List<LegacyKind> in(Section legacy) {
        return Arrays.stream(values()).filter(kind -> legacy.has(kind.word())).toList();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(LegacyKind::word).toList();
    }
}
