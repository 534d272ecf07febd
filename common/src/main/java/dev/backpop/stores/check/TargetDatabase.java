package dev.backpop.stores.check;

import dev.backpop.postgres.SqlNames;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What campaigns need of the target database as a whole. */
final class TargetDatabase {
    private static final String PLACE = "target";

    private static final String RIGHTS = """
            SELECT current_database() AS database, current_user AS "user",
                pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' AS read_only,
                has_database_privilege(current_database(), 'TEMP') AS temporary,
                has_database_privilege(current_database(), 'CREATE') AS creates,
                to_regnamespace('backpop') IS NOT NULL AS has_ledger,
                coalesce(has_schema_privilege(to_regnamespace('backpop'), 'USAGE'), false) AS uses_ledger
            """;

    private TargetDatabase() {}

    static void check(Connection target, Findings findings) throws SQLException {
        try (Statement statement = target.createStatement();
                ResultSet rights = statement.executeQuery(RIGHTS)) {
            rights.next();
            String database = SqlNames.quoted(rights.getString("database"));
            String user = SqlNames.quoted(rights.getString("user"));
            if (rights.getBoolean("read_only")) {
                findings.error(PLACE, "is read-only, a standby perhaps: give the URL of the server that takes writes");
                return;
            }
            if (!rights.getBoolean("temporary")) {
                findings.error(
                        PLACE,
                        "this user may not make temporary tables, which rows are staged in: GRANT TEMPORARY ON DATABASE "
                                + database + " TO " + user);
            }
            if (!rights.getBoolean("has_ledger") && !rights.getBoolean("creates")) {
                findings.error(
                        PLACE,
                        "this user may not make the schema 'backpop', which holds the ledger: GRANT CREATE ON DATABASE "
                                + database + " TO " + user);
            }
            if (rights.getBoolean("has_ledger") && !rights.getBoolean("uses_ledger")) {
                findings.error(
                        PLACE,
                        "this user may not use the schema 'backpop', which holds the ledger: GRANT USAGE ON SCHEMA"
                                + " backpop TO " + user + ", and rights on its tables, or connect as their owner");
            }
        }
    }
}
