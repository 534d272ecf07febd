package dev.backpop.stores.check;

import dev.backpop.legacy.jdbc.LegacyRelation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The type of a legacy expression.
 *
 * @param oid domains resolved to what they are made of
 */
record LegacyType(int oid, String name) {
    static LegacyType of(Connection legacy, LegacyRelation relation, String sql) throws SQLException {
        String type = "WITH RECURSIVE base(oid) AS (SELECT pg_typeof((" + relation.select(sql, "false") + "))::oid"
                + " UNION ALL SELECT t.typbasetype FROM base JOIN pg_type t ON t.oid = base.oid WHERE t.typtype = 'd')"
                + " SELECT t.oid, format_type(t.oid, NULL) FROM base JOIN pg_type t ON t.oid = base.oid"
                + " WHERE t.typtype <> 'd'";
        try (Statement statement = legacy.createStatement();
                ResultSet found = statement.executeQuery(type)) {
            found.next();
            return new LegacyType((int) found.getLong(1), found.getString(2));
        }
    }
}
