package dev.backpop.postgres;

import java.util.ArrayList;
import java.util.List;

/** Writes names and values into SQL text: always quoted, so that reserved words, upper case and blanks are only text. */
public final class SqlNames {
    private SqlNames() {}

    /** An identifier in double quotes. */
    public static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /**
     * A string literal. Sessions have {@code standard_conforming_strings} on, so a backslash is only a backslash.
     *
     * @throws IllegalArgumentException for a NUL character, which PostgreSQL cannot hold
     */
    public static String literal(String value) {
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("PostgreSQL cannot hold a NUL character");
        }
        return '\'' + value.replace("'", "''") + '\'';
    }

    /**
     * A table's name as SQL: {@code crm.customer} becomes {@code "crm"."customer"}. A part may be in double quotes
     * already, which allows a dot inside it.
     *
     * @throws IllegalArgumentException when the quotes do not pair
     */
    public static String table(String name) {
        return String.join(".", parts(name).stream().map(SqlNames::quoted).toList());
    }

    /** The parts of a table's name, unquoted. */
    public static List<String> parts(String name) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean inQuotes = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '"') {
                if (inQuotes && i + 1 < name.length() && name.charAt(i + 1) == '"') {
                    part.append('"');
                    i++;
                } else {
                    inQuotes = !inQuotes;
                }
            } else if (c == '.' && !inQuotes) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        if (inQuotes || parts.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("'" + name + "' is not a table's name: write name or schema.name");
        }
        return parts;
    }
}
