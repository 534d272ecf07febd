package dev.backpop.plan;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads where an entity comes from. */
final class FromReader {
    private static final List<String> KINDS = List.of("table", "query", "file", "things");
    private static final Map<String, List<String>> NAMES = Map.of(
            "table", List.of("table", "key", "where"),
            "query", List.of("query", "key"),
            "file", List.of("file", "key", "format", "compression", "fields"),
            "things", List.of("things"));
    private static final List<String> ALL_NAMES =
            List.of("table", "query", "file", "things", "key", "where", "format", "compression", "fields");
    private static final int LONGEST_TABLE = 400;
    private static final String PART = "(?:[\\p{L}_][\\p{L}\\p{N}_$]*|\"(?:[^\"]++|\"\")++\")";
    private static final Pattern TABLE = Pattern.compile(PART + "(?:\\." + PART + ")?");

    private FromReader() {}

    /** @param legacy the kind of the plan's legacy store; null when that is not known */
    static @Nullable From read(Element element, @Nullable LegacyKind legacy) {
        Section section = element.section(ALL_NAMES);
        if (section == null) {
            return null;
        }
        List<String> kinds = KINDS.stream().filter(section::has).toList();
        // The things of Reddit have the keys that they have.
        Element keyElement = kinds.equals(List.of("things")) ? null : section.required("key");
        List<String> key = keyElement == null ? null : keyElement.texts();
        if (kinds.size() != 1) {
            element.problem(
                    kinds.isEmpty()
                            ? "name what to read: " + oneOf(legacy == null ? KINDS : legacy.sources())
                            : "keep one of " + String.join(", ", kinds));
            return null;
        }
        String kind = kinds.get(0);
        if (legacy != null && !legacy.sources().contains(kind)) {
            element.problem("the legacy store is " + legacy.description() + ": use " + oneOf(legacy.sources())
                    + " instead of '" + kind + "'");
        }
        noteForeignNames(section, kind);
        if (kind.equals("things")) {
            return things(section);
        }
        return switch (kind) {
            case "table" -> table(section, key);
            case "query" -> query(section, key);
            default -> records(section, key);
        };
    }

    /** A table's name, {@code name} or {@code schema.name}. */
    static @Nullable String tableName(Section section) {
        Element element = section.required("table");
        String table = element == null ? null : element.text();
        if (element != null
                && table != null
                && (table.length() > LONGEST_TABLE || !TABLE.matcher(table).matches())) {
            element.problem("is not a table's name: write name or schema.name, and double quotes round a part with "
                    + "other characters than letters, digits, _ and $");
        }
        return table;
    }

    private static void noteForeignNames(Section section, String kind) {
        for (String name : ALL_NAMES) {
            Element value = section.optional(name);
            if (value != null && !NAMES.getOrDefault(kind, List.of()).contains(name)) {
                value.problem("does not go with '" + kind + "'"
                        + (name.equals("where") && kind.equals("query") ? ": put the condition into the query" : ""));
            }
        }
    }

    private static String oneOf(List<String> names) {
        return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(" or "));
    }

    private static @Nullable From things(Section section) {
        Element element = section.required("things");
        String word = element == null ? null : oneOf(element, From.Thing.words());
        return word == null ? null : new From.Things(From.Thing.ofWord(word));
    }

    private static @Nullable From table(Section section, @Nullable List<String> key) {
        String table = tableName(section);
        String where = section.optionalText("where");
        return table == null || key == null ? null : new From.Table(table, key, where);
    }

    private static @Nullable From query(Section section, @Nullable List<String> key) {
        String query = section.requiredText("query");
        return query == null || key == null ? null : new From.Query(query, key);
    }

    private static @Nullable From records(Section section, @Nullable List<String> key) {
        Element element = section.required("file");
        String file = element == null ? null : element.text();
        if (element != null && file != null) {
            checkPath(element, file);
        }
        String lower = file == null ? "" : file.toLowerCase(Locale.ROOT);
        Element compression = section.optional("compression");
        String packing = compression == null
                ? (lower.endsWith(".gz") ? "gzip" : "none")
                : oneOf(compression, List.of("gzip", "none"));
        Element format = section.optional("format");
        String writing = format == null ? formatOf(lower) : oneOf(format, List.of("ndjson", "csv"));
        if (format == null && element != null && file != null && writing == null) {
            element.problem("its name does not tell how it is written (.ndjson, .jsonl or .csv, then maybe .gz): "
                    + "add format: ndjson or format: csv");
        }
        Map<String, String> fields = fields(section.optional("fields"));
        if (file == null || key == null || packing == null || writing == null || fields == null) {
            return null;
        }
        From.Format written = writing.equals("csv") ? From.Format.CSV : From.Format.NDJSON;
        return new From.Records(file, written, packing.equals("gzip"), key, fields);
    }

    private static void checkPath(Element element, String file) {
        try {
            if (Path.of(file).isAbsolute()) {
                element.problem("must be relative to the legacy store's directory");
            }
        } catch (InvalidPathException e) {
            element.problem("is not a path");
        }
    }

    private static @Nullable String formatOf(String lowerName) {
        String name = lowerName.endsWith(".gz") ? lowerName.substring(0, lowerName.length() - 3) : lowerName;
        if (name.endsWith(".ndjson") || name.endsWith(".jsonl")) {
            return "ndjson";
        }
        return name.endsWith(".csv") ? "csv" : null;
    }

    private static @Nullable String oneOf(Element element, List<String> words) {
        String word = element.text();
        if (word == null || words.contains(word)) {
            return word;
        }
        element.problem("'" + element.shown() + "' is not one of " + String.join(", ", words)
                + Spelling.nearest(element.raw(), words)
                        .map(meant -> "; did you mean '" + meant + "'?")
                        .orElse(""));
        return null;
    }

    private static @Nullable Map<String, String> fields(@Nullable Element element) {
        if (element == null) {
            return Map.of();
        }
        Map<String, Element> entries = element.entries();
        if (entries == null) {
            return null;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        entries.forEach((name, value) -> {
            String type = value.text();
            if (type != null) {
                fields.put(name, type);
            }
        });
        return fields;
    }
}
