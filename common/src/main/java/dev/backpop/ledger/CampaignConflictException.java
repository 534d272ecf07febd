package dev.backpop.ledger;

/** An entity has an active campaign already, and one at a time is the rule. Ends a command with exit code 2. */
public final class CampaignConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String activeCampaignId;

    CampaignConflictException(String activeCampaignId, String message) {
        super(message);
        this.activeCampaignId = activeCampaignId;
    }

    /** The campaign that is in the way. */
    public String activeCampaignId() {
        return activeCampaignId;
    }
}
