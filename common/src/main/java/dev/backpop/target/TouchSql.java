package dev.backpop.target;

import dev.backpop.postgres.SqlNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The SQL that installs the triggers of the fence guard.
 *
 * <p>Statement-level triggers with transition tables: a statement costs one more statement, however many rows it writes.
 */
final class TouchSql {
    /** Each event with the transition tables that it has. */
    private static final List<List<String>> EVENTS = List.of(
            List.of("INSERT", " REFERENCING NEW TABLE AS new_rows"),
            List.of("UPDATE", " REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"),
            List.of("DELETE", " REFERENCING OLD TABLE AS old_rows"),
            List.of("TRUNCATE", ""));

    static final int TRIGGERS_PER_TABLE = EVENTS.size();

    private final TouchTable table;

    TouchSql(TouchTable table) {
        this.table = table;
    }

    List<String> createTables(long targetOid) {
        return List.of(
                // Room on each page, so that touching a key again needs no new index entry.
                "CREATE TABLE " + table.touches() + " (" + table.definition() + ", " + table.own("xid")
                        + " xid8 NOT NULL, " + table.own("touched_at") + " timestamptz NOT NULL, "
                        + table.own("deleted") + " boolean NOT NULL, PRIMARY KEY (" + table.keyList()
                        + ")) WITH (fillfactor = 70)",
                "COMMENT ON TABLE " + table.touches() + " IS " + SqlNames.literal(table.comment(targetOid)),
                "CREATE TABLE " + table.marks() + " (mark text PRIMARY KEY CHECK (mark IN ('installed', 'truncated')),"
                        + " xid xid8 NOT NULL, touched_at timestamptz NOT NULL, files text)");
    }

    List<String> dropTables() {
        return List.of("DROP TABLE IF EXISTS " + table.touches(), "DROP TABLE IF EXISTS " + table.marks());
    }

    /** Drops the triggers too, and for that needs to own the function alone. */
    String dropFunction() {
        return "DROP FUNCTION IF EXISTS " + table.function() + "() CASCADE";
    }

    /** Runs with its owner's rights, so that those who write the target need none on the schema of the ledger. */
    List<String> createFunction() {
        String quotes = "$backpop$";
        String body = body();
        while (body.contains(quotes)) {
            quotes = quotes.replace("p$", "pp$");
        }
        return List.of(
                "CREATE FUNCTION " + table.function() + "() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
                        + " SET search_path = pg_catalog, pg_temp AS " + quotes + "\n" + body + quotes,
                "REVOKE ALL ON FUNCTION " + table.function() + "() FROM PUBLIC");
    }

    /**
     * The function's text.
     *
     * <p>Keys are touched in their order, and only where the statement holds their rows already, so that no two
     * transactions can wait for each other here that did not before. Grouped, because one statement may meet a key twice.
     */
    private String body() {
        String keys = table.keyList();
        String present = table.keys().stream().map(key -> key + " IS NOT NULL").collect(Collectors.joining(" AND "));
        String rows = " WHERE " + present + " GROUP BY " + keys + " ORDER BY " + keys + "\n    " + onConflict();
        String touch = "INSERT INTO " + table.touches() + " AS touch (" + keys + ", " + table.own("xid") + ", "
                + table.own("touched_at") + ", " + table.own("deleted") + ")\n    SELECT " + keys
                + ", pg_current_xact_id(), clock_timestamp(), ";
        String both = "(SELECT " + keys + ", true AS \"backpop gone\" FROM old_rows UNION ALL SELECT " + keys
                + ", false FROM new_rows) AS rows";
        return "#variable_conflict use_column\nBEGIN\n"
                + "  IF TG_OP = 'INSERT' THEN\n    " + touch + "false FROM new_rows" + rows + ";\n"
                + "  ELSIF TG_OP = 'UPDATE' THEN\n    " + touch + "bool_and(\"backpop gone\") FROM " + both + rows
                + ";\n"
                + "  ELSIF TG_OP = 'DELETE' THEN\n    " + touch + "true FROM old_rows" + rows + ";\n"
                + "  ELSE\n    DELETE FROM " + table.touches() + ";\n    " + mark("truncated") + ";\n"
                + "  END IF;\n  RETURN NULL;\nEND\n";
    }

    private String onConflict() {
        String xid = table.own("xid");
        String at = table.own("touched_at");
        String deleted = table.own("deleted");
        // A transaction that writes a row a hundred times touches it once.
        return "ON CONFLICT (" + table.keyList() + ") DO UPDATE SET " + xid + " = excluded." + xid + ", " + at
                + " = excluded." + at + ", " + deleted + " = excluded." + deleted + "\n    WHERE touch." + xid
                + " <> excluded." + xid + " OR touch." + deleted + " <> excluded." + deleted;
    }

    /** Notes something about every key, by this transaction. */
    String mark(String mark) {
        return "INSERT INTO " + table.marks() + " AS marks (mark, xid, touched_at, files) VALUES ('" + mark
                + "', pg_current_xact_id(), clock_timestamp(), " + table.files() + ")"
                + " ON CONFLICT (mark) DO UPDATE SET xid = excluded.xid, touched_at = excluded.touched_at,"
                + " files = excluded.files";
    }

    /** @param relation the target, or a partition of it: a statement on a partition fires only the partition's triggers */
    List<String> createTriggers(String relation) {
        List<String> triggers = new ArrayList<>();
        for (List<String> event : EVENTS) {
            triggers.add("CREATE TRIGGER backpop_" + table.name() + "_"
                    + event.get(0).toLowerCase(Locale.ROOT)
                    + " AFTER " + event.get(0) + " ON " + relation + event.get(1)
                    + " FOR EACH STATEMENT WHEN (pg_catalog.current_setting('backpop.session', true) IS DISTINCT FROM '"
                    + table.name()
                    + "')"
                    + " EXECUTE FUNCTION " + table.function() + "()");
        }
        return triggers;
    }
}
