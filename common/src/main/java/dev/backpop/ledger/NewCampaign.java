package dev.backpop.ledger;

import dev.backpop.campaign.CampaignIds;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignSpec;

/**
 * A campaign to be created.
 *
 * @param id checked by {@link CampaignIds#check}
 * @param createdBy who asks for it, as {@code user@host}
 */
public record NewCampaign(
        String id, String plan, String entity, CampaignKind kind, CampaignSpec spec, String createdBy) {
    public NewCampaign {
        CampaignIds.check(id);
    }
}
