package dev.backpop.producer.report;

import dev.backpop.campaign.Campaign;
import dev.backpop.ledger.SignOff;
import dev.backpop.producer.text.StoredJson;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A campaign's sign-off as programs get it.
 *
 * @param valid whether there is one that holds
 * @param stale why it does not hold any more
 * @param refused why it was not given just now
 */
public record SignOffDocument(
        String campaign,
        String plan,
        String entity,
        boolean valid,
        @Nullable String signedBy,
        @Nullable String note,
        List<String> tolerated,
        @Nullable JsonNode verdict,
        @Nullable Instant signedAt,
        @Nullable Instant validUntil,
        List<String> stale,
        List<SignOffDesk.Refusal> refused) {
    public SignOffDocument(Campaign campaign, @Nullable SignOffStanding standing, List<SignOffDesk.Refusal> refused) {
        this(campaign, standing, standing == null ? null : standing.signOff(), refused);
    }

    private SignOffDocument(
            Campaign campaign,
            @Nullable SignOffStanding standing,
            @Nullable SignOff signOff,
            List<SignOffDesk.Refusal> refused) {
        this(
                campaign.id(),
                campaign.plan(),
                campaign.entity(),
                standing != null && standing.valid(),
                signOff == null ? null : signOff.signedBy(),
                signOff == null ? null : signOff.note(),
                signOff == null ? List.of() : signOff.tolerated(),
                signOff == null ? null : StoredJson.node(signOff.verdict()),
                signOff == null ? null : signOff.signedAt(),
                standing == null ? null : standing.validUntil(),
                standing == null ? List.of() : standing.stale(),
                refused);
    }
}
