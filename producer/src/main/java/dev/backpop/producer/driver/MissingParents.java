package dev.backpop.producer.driver;

import dev.backpop.campaign.Campaign;
import dev.backpop.ledger.DeferredParent;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.RejectState;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.KeyShape;
import dev.backpop.stores.EntityStores;
import dev.backpop.target.ForeignKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says of deferred rows what has become of the rows they wait for: those that the legacy store does not have either, and those
 * that are rejects themselves, will not come by themselves, and their children are rejected; the others may, and theirs stay
 * deferred. For one thread.
 */
final class MissingParents {
    private static final int AT_ONCE = 1_000;

    private final Ledger ledger;
    private final StoredPlan plan;

    MissingParents(Ledger ledger, StoredPlan plan) {
        this.ledger = ledger;
        this.plan = plan;
    }

    /**
     * Rejects what waits in vain.
     *
     * @return what people should know of those that still wait; null when none do
     */
    @Nullable
    String settle(Campaign campaign) {
        EntityStores child = plan.entity(campaign);
        rejectBelowRejected(campaign, child);
        if (askLegacyStore(campaign, child) > 0) {
            rejectBelowRejected(campaign, child);
        }
        long waiting = ledger.rejectCounts(campaign.id()).getOrDefault(RejectState.DEFERRED, 0L);
        if (waiting == 0) {
            return null;
        }
        Set<String> awaited = new TreeSet<>();
        eachPage(
                campaign,
                child,
                (key, parents) -> plan.entityOf(campaign, key)
                        .ifPresent(entity -> awaited.add(entity.entity().name())));
        return waiting + (waiting == 1 ? " row waits for its parent" : " rows wait for their parents")
                + (awaited.isEmpty() ? "" : " (" + String.join(", ", awaited) + ")")
                + ", which the legacy store has and the target has not: move those, then: backpop retry "
                + campaign.id();
    }

    /** Takes the parents that are waited for by one foreign key, some at a time. */
    private interface Page {
        void accept(ForeignKey key, List<DeferredParent> parents);
    }

    private void eachPage(Campaign campaign, EntityStores child, Page consumer) {
        DeferredParent last = null;
        List<DeferredParent> page = ledger.deferredParents(campaign.id(), null, AT_ONCE);
        while (!page.isEmpty()) {
            Map<String, List<DeferredParent>> byConstraint = new LinkedHashMap<>();
            for (DeferredParent parent : page) {
                last = parent;
                byConstraint
                        .computeIfAbsent(parent.constraint(), name -> new ArrayList<>())
                        .add(parent);
            }
            byConstraint.forEach((constraint, parents) ->
                    child.table().foreignKey(constraint).ifPresent(key -> consumer.accept(key, parents)));
            page = ledger.deferredParents(campaign.id(), last, AT_ONCE);
        }
    }

    /** Goes on as long as that makes rejects of rows that others wait for by another foreign key. */
    private void rejectBelowRejected(Campaign campaign, EntityStores child) {
        long rejected;
        do {
            rejected = 0;
            for (ForeignKey key : child.table().foreignKeys()) {
                Optional<EntityStores> parent = plan.entityOf(campaign, key);
                if (parent.isPresent()) {
                    String entity = parent.get().entity().name();
                    rejected += ledger.rejectBelowRejected(
                            campaign.id(),
                            key.name(),
                            key.table(),
                            rejectKey(key, parent.get()),
                            entity,
                            entity.equals(campaign.entity()),
                            "parent rejected: " + key.name() + " refers to %key% of " + key.table()
                                    + ", which is a reject itself: put that right, then: backpop retry %campaign%");
                }
            }
        } while (rejected > 0);
    }

    /** How many rows were rejected. */
    private long askLegacyStore(Campaign campaign, EntityStores child) {
        long[] rejected = new long[1];
        eachPage(campaign, child, (key, parents) -> rejected[0] += rejectAbsent(campaign, key, parents));
        return rejected[0];
    }

    private long rejectAbsent(Campaign campaign, ForeignKey foreignKey, List<DeferredParent> parents) {
        Optional<EntityStores> entity = plan.entityOf(campaign, foreignKey);
        Map<String, Key> wanted = new HashMap<>();
        Set<Key> present = new HashSet<>();
        if (entity.isPresent()) {
            for (DeferredParent parent : parents) {
                wanted.put(parent.key(), keyOf(foreignKey, entity.get(), parent.key()));
            }
            KeyShape shape = entity.get().shape().key();
            entity.get()
                    .legacyKeys(
                            new KeySelection.Keys(
                                    wanted.values().stream().sorted(shape).toList()),
                            present::add);
        }
        Set<String> absent = new TreeSet<>();
        for (DeferredParent parent : parents) {
            if (!present.contains(wanted.get(parent.key()))) {
                absent.add(parent.key());
            }
        }
        return ledger.rejectDeferred(
                campaign.id(), foreignKey.name(), foreignKey.table(), absent, message(foreignKey, entity));
    }

    private static String message(ForeignKey key, Optional<EntityStores> entity) {
        return "parent absent: " + key.name() + " refers to %key% of " + key.table()
                + (entity.isPresent()
                        ? ", which is neither in the target nor in the legacy store"
                        : ", which is not in the target, and no entity of the plan brings it");
    }

    /** The key of the parent's entity, whose columns may come in another order than the constraint's. */
    private static Key keyOf(ForeignKey foreignKey, EntityStores entity, String json) {
        Key referenced = foreignKey.shape().orElseThrow().fromJson(json);
        List<String> parts = new ArrayList<>();
        for (String column : entity.entity().into().key()) {
            parts.add(referenced.parts().get(foreignKey.referenced().indexOf(column)));
        }
        return new Key(parts);
    }

    /** SQL of the same, as a reject of the parent has it. */
    private static String rejectKey(ForeignKey foreignKey, EntityStores entity) {
        return "jsonb_build_array("
                + entity.entity().into().key().stream()
                        .map(column ->
                                "r.parent_key -> " + foreignKey.referenced().indexOf(column))
                        .collect(Collectors.joining(", "))
                + ")";
    }
}
