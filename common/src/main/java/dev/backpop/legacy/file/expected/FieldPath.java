package dev.backpop.legacy.file.expected;

import java.util.List;

/**
 * Where a field stands in a record: the member of this whole name, or else the one that its names, split at dots, lead to.
 *
 * @param whole the field's name
 * @param names the same, split at dots; one name when there is none
 */
record FieldPath(String whole, List<String> names) {
    FieldPath {
        names = List.copyOf(names);
    }

    /** The field that a plan names, in double quotes or not. A column of a CSV file's header is itself, whatever it holds. */
    static FieldPath of(String expression, List<String> header) {
        String name = expression.strip();
        if (!header.contains(name) && name.length() > 2 && name.charAt(0) == '"' && name.endsWith("\"")) {
            name = name.substring(1, name.length() - 1);
        }
        return new FieldPath(name, List.of(name.split("\\.", -1)));
    }
}
