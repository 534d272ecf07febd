package dev.backpop.ledger;

/** The closing sweep's chunks: one over the keys of each chunk that is done, as long as rounds find something to do. */
final class ClosingTable {
    /**
     * Chunks that are done and not closed. What a replay or the closing sweep itself wrote may have been changed before it
     * was there, as what the main pass wrote, and is looked at again.
     */
    private static final String OPEN = " WHERE campaign_id = :id AND state = 'done' AND NOT closed"
            + " AND (pass = 'main' OR (pass = 'replay' AND rows_written + rows_renewed > 0)"
            + " OR (pass = 'closing' AND rows_renewed > 0 AND closing_round < :most))";

    private final LedgerDatabase database;

    ClosingTable(LedgerDatabase database) {
        this.database = database;
    }

    boolean open(String id, int mostRounds) {
        return database.with(handle -> handle.createQuery("SELECT EXISTS (SELECT FROM backpop.chunk" + OPEN + ")")
                .bind("id", id)
                .bind("most", mostRounds)
                .mapTo(Boolean.class)
                .one());
    }

    int plan(String id, int mostRounds) {
        return database.inTransaction(handle -> {
            CampaignTable.lock(handle, id);
            return handle.createUpdate("WITH next AS (SELECT max(chunk_no) AS chunk_no FROM backpop.chunk"
                            + " WHERE campaign_id = :id),"
                            + " source AS (UPDATE backpop.chunk SET closed = true" + OPEN + " RETURNING *)"
                            + " INSERT INTO backpop.chunk (campaign_id, chunk_no, after_key, first_key, last_key, keys,"
                            + " key_count, pass, closing_round)"
                            + " SELECT :id, next.chunk_no + row_number() OVER (ORDER BY source.chunk_no), after_key,"
                            + " first_key, last_key, keys, key_count, 'closing', closing_round + 1 FROM source, next")
                    .bind("id", id)
                    .bind("most", mostRounds)
                    .execute();
        });
    }

    long unsettled(String id, int mostRounds) {
        return database.with(handle -> handle.createQuery("SELECT count(*) FROM backpop.chunk WHERE campaign_id = :id"
                        + " AND state = 'done' AND pass = 'closing' AND closing_round >= :most"
                        + " AND rows_renewed + rows_swept > 0")
                .bind("id", id)
                .bind("most", mostRounds)
                .mapTo(Long.class)
                .one());
    }
}
