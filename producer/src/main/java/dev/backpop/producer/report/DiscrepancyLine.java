package dev.backpop.producer.report;

import dev.backpop.campaign.Discrepancy;
import dev.backpop.ledger.DiscrepancyState;
import dev.backpop.ledger.StoredDiscrepancy;
import dev.backpop.producer.text.StoredJson;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A discrepancy as programs get it. */
public record DiscrepancyLine(
        @Nullable JsonNode key,
        Discrepancy.Kind kind,
        DiscrepancyState state,
        List<Discrepancy.Difference> columns,
        @Nullable String cause,
        int chunk,
        int checks,
        Instant firstSeen,
        Instant lastSeen) {
    public static DiscrepancyLine of(StoredDiscrepancy stored) {
        Discrepancy discrepancy = stored.discrepancy();
        return new DiscrepancyLine(
                StoredJson.node(discrepancy.key()),
                discrepancy.kind(),
                stored.state(),
                discrepancy.columns(),
                discrepancy.cause(),
                stored.chunkNo(),
                stored.checks(),
                stored.firstSeen(),
                stored.lastSeen());
    }
}
