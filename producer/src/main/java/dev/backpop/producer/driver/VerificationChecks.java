package dev.backpop.producer.driver;

import dev.backpop.campaign.Campaign;
import dev.backpop.ledger.CampaignCheck;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.Totals;
import dev.backpop.stores.EntityStores;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a verification proves beyond its rows: that the counts of both sides are those of its sum, that rows have their
 * parents, and that sequences are beyond the keys. For one thread and one campaign; to be kept from one asking to the next,
 * because counts are held against those of the last one.
 */
final class VerificationChecks {
    private final Ledger ledger;
    private final StoredPlan plan;
    private final Clock clock;
    private @Nullable CountCheck counts;
    private @Nullable List<CampaignCheck> ofTheTable;

    VerificationChecks(Ledger ledger, StoredPlan plan, Clock clock) {
        this.ledger = ledger;
        this.plan = plan;
        this.clock = clock;
    }

    /**
     * Looks once, with every chunk done. Foreign keys and sequences are looked at the first time only. Of listed keys
     * nothing is proved as a whole.
     *
     * @return what was found, for {@link Ledger#keepChecks}; while one is moving, ask again after a while
     * @throws dev.backpop.problem.StoreUnreachableException when the target does not serve
     * @throws dev.backpop.legacy.LegacyUnavailableException when the legacy store does not
     */
    List<CampaignCheck> run(Campaign campaign, EntityStores stores, Totals totals) {
        if (campaign.spec().listed()) {
            return List.of();
        }
        TargetQuestions target = new TargetQuestions(plan.limitedTarget(campaign));
        CountCheck counting = counts;
        if (counting == null) {
            counting = new CountCheck(ledger, target, clock);
            counts = counting;
        }
        List<CampaignCheck> checks = new ArrayList<>();
        checks.add(counting.run(campaign, stores, totals));
        List<CampaignCheck> others = ofTheTable;
        if (others == null) {
            others = new ArrayList<>(new ReferenceCheck(target, plan, clock).run(campaign, stores));
            others.addAll(new SequenceCheck(target, clock).run(stores));
            ofTheTable = others;
        }
        checks.addAll(others);
        return checks;
    }
}
