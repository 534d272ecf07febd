package dev.backpop.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Table {@code tolerated}: rows that differ in a column as far as the plan lets them. */
final class ToleratedTable {
    private final LedgerDatabase database;

    ToleratedTable(LedgerDatabase database) {
        this.database = database;
    }

    static void add(Connection transaction, String id, int chunkNo, Map<String, Long> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = transaction.prepareStatement("INSERT INTO backpop.tolerated (campaign_id,"
                + " chunk_no, column_name, rows) SELECT ?, ?, unnest(?::text[]), unnest(?::bigint[])")) {
            statement.setString(1, id);
            statement.setInt(2, chunkNo);
            statement.setArray(
                    3, transaction.createArrayOf("text", rows.keySet().toArray()));
            statement.setArray(
                    4, transaction.createArrayOf("int8", rows.values().toArray()));
            statement.executeUpdate();
        }
    }

    Map<String, Long> rows(String id) {
        Map<String, Long> rows = new LinkedHashMap<>();
        database.with(handle -> {
            handle.createQuery("SELECT column_name, sum(rows)::bigint AS rows FROM backpop.tolerated"
                            + " WHERE campaign_id = :id GROUP BY column_name ORDER BY column_name")
                    .bind("id", id)
                    .map((row, context) -> Map.entry(row.getString("column_name"), row.getLong("rows")))
                    .forEach(column -> rows.put(column.getKey(), column.getValue()));
            return id;
        });
        return rows;
    }
}
