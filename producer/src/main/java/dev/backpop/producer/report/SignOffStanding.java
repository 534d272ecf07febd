package dev.backpop.producer.report;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignState;
import dev.backpop.ledger.LaterWrites;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.SignOff;
import dev.backpop.producer.text.Quantities;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A sign-off, and whether it holds at the moment of asking, by the ledger's clock.
 *
 * @param validUntil when it goes stale by itself
 * @param stale why it does not hold any more; empty while it does
 */
public record SignOffStanding(SignOff signOff, Instant validUntil, List<String> stale) {
    /** How long a sign-off holds, and how old a verification may be that is signed. */
    public static final Duration SHELF_LIFE = Duration.ofHours(24);

    public SignOffStanding {
        stale = List.copyOf(stale);
    }

    /** That of a campaign's newest sign-off; empty when nobody has signed. */
    public static Optional<SignOffStanding> of(Ledger ledger, Campaign campaign) {
        return ledger.lastSignOff(campaign.id())
                .map(signOff -> of(signOff, campaign, ledger.writesSince(campaign.id())));
    }

    private static SignOffStanding of(SignOff signOff, Campaign campaign, LaterWrites later) {
        Instant until = signOff.signedAt().plus(SHELF_LIFE);
        List<String> stale = new ArrayList<>();
        if (!later.now().isBefore(until)) {
            stale.add("it was signed " + Quantities.duration(Duration.between(signOff.signedAt(), later.now()))
                    + " ago, and a sign-off holds for 24 hours");
        }
        if (later.campaigns() > 0) {
            stale.add(written(later));
        }
        Instant finished = campaign.finishedAt();
        if (campaign.state() != CampaignState.COMPLETED || finished == null || finished.isAfter(signOff.signedAt())) {
            stale.add("the verification has been run on since it was signed");
        }
        return new SignOffStanding(signOff, until, stale);
    }

    /** What was written since a verification began. */
    static String written(LaterWrites later) {
        boolean one = later.campaigns() == 1;
        return (one ? "a backfill or repair" : Quantities.count(later.campaigns()) + " backfills and repairs")
                + " of the same entity " + (one ? "was" : "were") + " created or ran since the verification began: "
                + String.join(", ", later.newest())
                + (later.campaigns() > later.newest().size() ? ", …" : "");
    }

    public boolean valid() {
        return stale.isEmpty();
    }
}
