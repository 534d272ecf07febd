package dev.backpop.plan;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where an entity comes from in its legacy store. */
public sealed interface From {
    /** The key columns or expressions, in key order; never empty. */
    List<String> key();

    /**
     * A table of a database.
     *
     * @param table {@code name} or {@code schema.name}; parts may be double-quoted
     * @param where an SQL condition that narrows the entity; null for all rows
     */
    record Table(String table, List<String> key, @Nullable String where) implements From {
        public Table {
            key = List.copyOf(key);
        }
    }

    /** The result of an SQL query. */
    record Query(String query, List<String> key) implements From {
        public Query {
            key = List.copyOf(key);
        }
    }

    /**
     * A file of records.
     *
     * @param file relative to the legacy source's directory
     * @param fields the type of each field that is not text: a PostgreSQL type, or {@code epoch_seconds}; a field's name
     *     may be a dotted path into nested JSON. The words are checked where the file is read, not here
     */
    record Records(String file, Format format, boolean gzip, List<String> key, Map<String, String> fields)
            implements From {
        public Records {
            key = List.copyOf(key);
            fields = Map.copyOf(fields);
        }
    }

    /** How records are written in a file. */
    enum Format {
        NDJSON,
        CSV
    }
}
