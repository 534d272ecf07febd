package dev.backpop.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one entity of a plan. */
final class EntityReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,40}");

    private final @Nullable LegacyKind legacy;
    private final Set<String> names;
    private final Map<String, List<String>> parents = new LinkedHashMap<>();
    private final Map<String, Element> parentPlaces = new HashMap<>();

    /**
     * @param legacy the kind of the plan's legacy store; null when that is not known
     * @param names every entity of the plan, which is what a parent may be
     */
    EntityReader(@Nullable LegacyKind legacy, Set<String> names) {
        this.legacy = legacy;
        this.names = names;
    }

    /** The names of the entities read so far, parents first; notes each cycle as a problem. */
    List<String> order() {
        return ParentOrder.sort(parents, cycle -> {
            Element place = parentPlaces.get(cycle.get(0));
            if (place != null) {
                place.problem(
                        "parents go round in a circle: " + String.join(" → ", cycle)
                                + ": no order moves parents first, so take one parent out and leave its foreign key off until all is moved");
            }
        });
    }

    /** @return null when there is none, with problems noted */
    @Nullable
    Entity read(String name, Element element) {
        parents.put(name, List.of());
        if (!NAME.matcher(name).matches()) {
            element.problem("an entity's name is 1 to 40 letters, digits, '-' and '_'");
        }
        Section section = element.section(List.of("parents", "from", "into", "columns", "guard", "compare", "verify"));
        if (section == null) {
            return null;
        }
        Element parentsElement = section.optional("parents");
        List<String> above = parentsElement == null ? List.of() : parents(parentsElement);
        parents.put(name, above);
        if (parentsElement != null) {
            parentPlaces.put(name, parentsElement);
        }
        Element fromElement = section.required("from");
        From from = fromElement == null ? null : FromReader.read(fromElement, legacy);
        Element intoElement = section.required("into");
        Into into = intoElement == null ? null : into(intoElement, from);
        Element columnsElement = section.required("columns");
        List<ColumnRule> columns = columnsElement == null ? null : columns(columnsElement, from, into);
        Guard guard = guard(section.optional("guard"), columns, into);
        Map<String, Comparison> compare = CompareReader.read(section.optional("compare"), columns, into);
        Verification verification = VerifyReader.read(section.optional("verify"));
        if (from == null || into == null || columns == null || guard == null) {
            return null;
        }
        return new Entity(name, above, from, into, columns, guard, compare, verification);
    }

    /** The known names under {@code parents}; what cannot be read or is not known is left out, with a problem noted. */
    private List<String> parents(Element element) {
        List<String> known = new ArrayList<>();
        for (Element item : element.items()) {
            String parent = item.text();
            if (parent == null) {
                continue;
            }
            if (!names.contains(parent)) {
                item.problem("the plan has no entity '" + item.shown() + "'" + Spelling.hint(item.raw(), names));
            } else if (known.contains(parent)) {
                item.problem("'" + item.shown() + "' is in the list twice: keep one");
            } else {
                known.add(parent);
            }
        }
        return known;
    }

    private static @Nullable Into into(Element element, @Nullable From from) {
        Section section = element.section(List.of("table", "key"));
        if (section == null) {
            return null;
        }
        String table = FromReader.tableName(section);
        Element keyElement = section.required("key");
        List<String> key = keyElement == null ? null : keyElement.texts();
        if (table == null || keyElement == null || key == null) {
            return null;
        }
        if (from != null && from.key().size() != key.size()) {
            keyElement.problem("names " + key.size() + " key column(s), but from.key names "
                    + from.key().size() + ": they must pair up");
            return null;
        }
        return new Into(table, key);
    }

    private static @Nullable List<ColumnRule> columns(Element element, @Nullable From from, @Nullable Into into) {
        Map<String, Element> entries = element.entries();
        if (entries == null) {
            return null;
        }
        List<ColumnRule> rules = new ArrayList<>();
        entries.forEach((column, value) -> {
            String expression = value.expression();
            if (expression != null) {
                rules.add(new ColumnRule(column, expression));
                checkKey(column, expression, value, from, into);
            }
        });
        if (from == null || into == null) {
            return rules.size() == entries.size() ? rules : null;
        }
        Stream<ColumnRule> unmappedKeys = IntStream.range(0, into.key().size())
                .filter(i -> !entries.containsKey(into.key().get(i)))
                .mapToObj(i -> new ColumnRule(into.key().get(i), from.key().get(i)));
        return rules.size() == entries.size()
                ? Stream.concat(unmappedKeys, rules.stream()).toList()
                : null;
    }

    private static void checkKey(
            String column, String expression, Element value, @Nullable From from, @Nullable Into into) {
        int part = into == null ? -1 : into.key().indexOf(column);
        if (from != null && part >= 0 && !from.key().get(part).equals(expression)) {
            value.problem(
                    "the key is the same value on both sides, so this must be the same text as from.key; make the "
                            + "key itself an expression: from: { key: \""
                            + value.shown().replace("\"", "\\\"")
                            + "\" }, or leave this column out");
        }
    }

    private static @Nullable Guard guard(
            @Nullable Element element, @Nullable List<ColumnRule> columns, @Nullable Into into) {
        if (element == null) {
            return new Guard.Fence();
        }
        if (element.isMapping()) {
            Section section = element.section(List.of("version"));
            Element version = section == null ? null : section.required("version");
            return version == null ? null : version(version, columns, into);
        }
        List<String> words = List.of("fence", "insert-only", "overwrite", "version");
        String word = element.text();
        if (word == null) {
            return null;
        }
        return switch (word) {
            case "fence" -> new Guard.Fence();
            case "insert-only" -> new Guard.InsertOnly();
            case "overwrite" -> new Guard.Overwrite();
            case "version" -> {
                element.problem("write guard: { version: { from: EXPRESSION, into: COLUMN } }");
                yield null;
            }
            default -> {
                element.problem("unknown guard '" + element.shown() + "'" + Spelling.hint(element.raw(), words));
                yield null;
            }
        };
    }

    private static @Nullable Guard version(Element element, @Nullable List<ColumnRule> columns, @Nullable Into into) {
        Section section = element.section(List.of("from", "into", "tombstones"));
        if (section == null) {
            return null;
        }
        Element tombstones = section.optional("tombstones");
        Boolean recorded = tombstones == null ? Boolean.TRUE : tombstones.flag();
        String from = section.requiredText("from");
        Element intoElement = section.required("into");
        String column = intoElement == null ? null : intoElement.text();
        if (from == null || intoElement == null || column == null || recorded == null) {
            return null;
        }
        if (columns != null) {
            ColumnRule rule = columns.stream()
                    .filter(one -> one.column().equals(column))
                    .findFirst()
                    .orElse(null);
            if (rule == null) {
                intoElement.problem("the version goes into a column that 'columns' does not map: add it to 'columns', "
                        + "with the expression of version.from");
            } else if (!rule.expression().equals(from)) {
                intoElement.problem(
                        "'columns' maps this column from another expression than version.from: both must be "
                                + "the same text, or versions would be compared with something else");
            } else if (into != null && into.key().contains(column)) {
                intoElement.problem("is a key column, and a key never changes: name a column that tells a newer row");
            }
        }
        return new Guard.Version(from, column, recorded);
    }
}
