package dev.backpop.ledger;

import dev.backpop.campaign.RowReason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Table {@code row_reason}. */
final class ReasonTable {
    private static final int MOST = 100;

    private final LedgerDatabase database;

    ReasonTable(LedgerDatabase database) {
        this.database = database;
    }

    static void add(Connection transaction, String id, int chunkNo, List<RowReason> reasons) throws SQLException {
        if (reasons.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = transaction.prepareStatement("INSERT INTO backpop.row_reason (campaign_id,"
                + " chunk_no, outcome, reason, rows, example) VALUES (?, ?, ?, ?, ?, ?::jsonb)")) {
            for (RowReason reason : reasons) {
                statement.setString(1, id);
                statement.setInt(2, chunkNo);
                statement.setString(3, reason.outcome().word());
                statement.setString(4, Storable.text(reason.reason()));
                statement.setLong(5, reason.rows());
                statement.setString(6, Storable.jsonb(reason.example()));
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    List<RowReason> all(String id) {
        return database.with(handle -> handle.createQuery("SELECT outcome, reason, sum(rows)::bigint AS rows,"
                        + " min(example::text) AS example FROM backpop.row_reason WHERE campaign_id = :id"
                        + " GROUP BY outcome, reason ORDER BY rows DESC, outcome, reason LIMIT :most")
                .bind("id", id)
                .bind("most", MOST)
                .map((row, context) -> new RowReason(
                        RowReason.Outcome.ofWord(row.getString("outcome")),
                        row.getString("reason"),
                        row.getLong("rows"),
                        row.getString("example")))
                .list());
    }
}
