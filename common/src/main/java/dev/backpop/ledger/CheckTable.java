package dev.backpop.ledger;

import java.time.OffsetDateTime;
import java.util.List;

/** Table {@code campaign_check}. */
final class CheckTable {
    private final LedgerDatabase database;

    CheckTable(LedgerDatabase database) {
        this.database = database;
    }

    /** Replaces what is known of a campaign. */
    void replace(String id, List<CampaignCheck> checks) {
        database.inTransaction(handle -> {
            CampaignTable.lock(handle, id);
            handle.createUpdate("DELETE FROM backpop.campaign_check WHERE campaign_id = :id")
                    .bind("id", id)
                    .execute();
            for (CampaignCheck check : checks) {
                handle.createUpdate("INSERT INTO backpop.campaign_check (campaign_id, name, subject, state, message)"
                                + " VALUES (:id, :name, :subject, :state, :message)")
                        .bind("id", id)
                        .bind("name", check.name())
                        .bind("subject", Storable.text(check.subject()))
                        .bind("state", check.state().word())
                        .bind("message", Storable.text(check.message()))
                        .execute();
            }
            return id;
        });
    }

    List<CampaignCheck> of(String id) {
        return database.with(handle -> handle.createQuery("SELECT name, subject, state, message, seen_at"
                        + " FROM backpop.campaign_check WHERE campaign_id = :id ORDER BY name, subject")
                .bind("id", id)
                .map((row, context) -> new CampaignCheck(
                        row.getString("name"),
                        row.getString("subject"),
                        CampaignCheck.State.ofWord(row.getString("state")),
                        row.getString("message"),
                        row.getObject("seen_at", OffsetDateTime.class).toInstant()))
                .list());
    }
}
