package dev.backpop.producer.driver;

import dev.backpop.campaign.Discrepancy;
import dev.backpop.ledger.Ledger;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.row.Key;
import dev.backpop.row.KeyShape;
import dev.backpop.row.RowShape;
import dev.backpop.stores.EntityStores;
import dev.backpop.target.CopiedRows;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out why rows are on one side only, once a verification has found them all. Thread-safe. */
final class RowCauses {
    private static final Logger LOG = LoggerFactory.getLogger(RowCauses.class);
    private static final int MOST_COPIES = 10_000;
    /** Of more rows on one side only one does not ask which became which, and the ledger would take too long to say. */
    private static final long MOST_EXPLAINED = 200_000;

    private final Ledger ledger;
    private final TargetQuestions target;

    /** @param target with the plan's time for statements */
    RowCauses(Ledger ledger, PostgresPool target) {
        this.ledger = ledger;
        this.target = new TargetQuestions(target);
    }

    /**
     * Gives a cause to those discrepancies of a campaign that have none and of which one can be told.
     *
     * @throws dev.backpop.problem.StoreUnreachableException when the target does not serve
     */
    void explain(String campaignId, EntityStores stores) {
        RowShape shape = stores.shape();
        Map<Discrepancy.Kind, Long> open = ledger.discrepancyCounts(campaignId);
        long oneSided =
                open.getOrDefault(Discrepancy.Kind.MISSING, 0L) + open.getOrDefault(Discrepancy.Kind.UNEXPECTED, 0L);
        if (oneSided > MOST_EXPLAINED) {
            LOG.info(
                    "campaign {} has {} rows on one side only, too many to look for the cause of each",
                    campaignId,
                    oneSided);
            return;
        }
        ledger.explainDeferred(campaignId);
        if (shape.columns().size() == shape.keyIndexes().size()) {
            // Rows that are nothing but their key are all alike without it.
            return;
        }
        List<String> keyColumns = stores.entity().into().key();
        // Before the moved ones: a row whose like is in the target all the same is no proof of having been moved.
        copies(campaignId, stores, keyColumns);
        ledger.explainMoved(campaignId, keyColumns);
    }

    private void copies(String campaignId, EntityStores stores, List<String> keyColumns) {
        KeyShape shape = stores.shape().key();
        List<Key> unexpected = ledger.unexplained(campaignId, Discrepancy.Kind.UNEXPECTED, MOST_COPIES).stream()
                .map(shape::fromJson)
                .toList();
        CopiedRows copied = new CopiedRows(stores.entity(), stores.table(), stores.shape());
        Map<String, String> originals = new HashMap<>();
        try {
            target.ask(connection -> copied.originals(connection, unexpected))
                    .forEach((copy, original) -> originals.put(shape.toJson(copy), shape.toJson(original)));
        } catch (UntoldException e) {
            LOG.info("whether unexpected rows of {} are copies cannot be told: {}", campaignId, e.reason());
            return;
        }
        if (!originals.isEmpty()) {
            ledger.explainCopies(campaignId, originals, keyColumns);
        }
    }
}
