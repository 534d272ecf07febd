package dev.backpop.producer.driver;

import dev.backpop.campaign.Campaign;
import dev.backpop.ledger.CampaignCheck;
import dev.backpop.ledger.CampaignCheck.State;
import dev.backpop.plan.Entity;
import dev.backpop.postgres.SqlNames;
import dev.backpop.stores.EntityStores;
import dev.backpop.target.Reference;
import dev.backpop.target.ReferenceCatalogue;
import dev.backpop.target.TargetTable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether every row of a target table has its parents, and every row that refers to the table its own. Thread-safe. */
final class ReferenceCheck {
    private static final String NAME = "foreign key";

    private final TargetQuestions target;
    private final StoredPlan plan;
    private final Clock clock;

    ReferenceCheck(TargetQuestions target, StoredPlan plan, Clock clock) {
        this.target = target;
        this.plan = plan;
        this.clock = clock;
    }

    private record Found(List<Reference> references, boolean someoneIsReplica) {}

    List<CampaignCheck> run(Campaign campaign, EntityStores stores) {
        List<CampaignCheck> checks = new ArrayList<>();
        try {
            Found found = target.ask(connection -> new Found(
                    ReferenceCatalogue.references(connection, stores.table()),
                    ReferenceCatalogue.someoneIsReplica(connection)));
            found.references().forEach(reference -> checks.add(check(reference, found.someoneIsReplica())));
            for (Entity parent : plan.parents(campaign)) {
                unbound(stores, parent, plan.table(parent), found.references()).ifPresent(checks::add);
            }
        } catch (UntoldException e) {
            checks.add(check(stores.table().name(), State.UNKNOWN, "its foreign keys cannot be read: " + e.reason()));
        }
        return checks;
    }

    private CampaignCheck check(Reference reference, boolean someoneIsReplica) {
        String subject = reference.own()
                ? reference.name()
                : reference.name() + " of " + reference.child().sqlName();
        String what = reference.child().sqlName() + " (" + String.join(", ", reference.columns()) + ") refers to "
                + reference.parent().sqlName();
        List<String> doubts = doubts(reference, someoneIsReplica);
        if (doubts.isEmpty()) {
            return check(
                    subject,
                    State.PASSED,
                    what + ": the constraint is validated and enforced, so the database vouches for it; its rows were"
                            + " not scanned");
        }
        String doubt = what + ": " + String.join(", ", doubts);
        if (reference.overPeriods()) {
            return check(
                    subject,
                    State.UNKNOWN,
                    doubt + "; whether periods are covered is for the database to say: " + force(reference));
        }
        try {
            Reference.Orphans orphans = target.ask(reference::orphans);
            if (orphans.rows() == 0) {
                return check(subject, State.PASSED, doubt + ", and every row was found to have its parent");
            }
            return check(
                    subject,
                    State.FAILED,
                    String.format(
                            Locale.ROOT,
                            "%s, and %,d %s no parent, such as %s: bring the parents or remove the rows, then: %s",
                            doubt,
                            orphans.rows(),
                            orphans.rows() == 1 ? "row has" : "rows have",
                            orphans.example(),
                            force(reference)));
        } catch (UntoldException e) {
            return check(
                    subject, State.UNKNOWN, doubt + ", and whether rows have no parent cannot be told: " + e.reason());
        }
    }

    /** Why the database does not vouch for a foreign key; empty when it does. */
    private static List<String> doubts(Reference reference, boolean someoneIsReplica) {
        List<String> doubts = new ArrayList<>();
        if (!reference.enforced()) {
            doubts.add("the constraint is NOT ENFORCED");
        } else if (!reference.validated()) {
            doubts.add("the constraint is NOT VALID");
        }
        if (!reference.disabledOn().isEmpty()) {
            doubts.add("its triggers are disabled on " + String.join(", ", reference.disabledOn()));
        }
        if (someoneIsReplica && reference.enforced()) {
            doubts.add(
                    "session_replication_role is set to replica for sessions of this database, which switches it off");
        }
        return doubts;
    }

    private static String force(Reference reference) {
        String table = "ALTER TABLE " + reference.child().sqlName();
        if (!reference.enforced()) {
            return table + " ALTER CONSTRAINT " + SqlNames.quoted(reference.name()) + " ENFORCED";
        }
        if (!reference.disabledOn().isEmpty()) {
            return "ALTER TABLE " + reference.disabledOn().get(0) + " ENABLE TRIGGER ALL";
        }
        return reference.validated()
                ? "reset session_replication_role"
                : table + " VALIDATE CONSTRAINT " + SqlNames.quoted(reference.name());
    }

    /** A parent of the plan that no foreign key points to, where its column can be told by its name. */
    private Optional<CampaignCheck> unbound(
            EntityStores stores, Entity parent, TargetTable parentTable, List<Reference> references) {
        List<String> parentName = SqlNames.parts(parentTable.sqlName());
        boolean bound = references.stream()
                .anyMatch(reference -> reference.own()
                        && SqlNames.parts(reference.parent().sqlName()).equals(parentName));
        List<String> columns = new ArrayList<>();
        for (String key : parent.into().key()) {
            column(stores.table(), parent.name(), parentName.get(parentName.size() - 1), key)
                    .ifPresent(columns::add);
        }
        if (bound || columns.size() != parent.into().key().size()) {
            return Optional.empty();
        }
        String name = stores.entity().name();
        return Optional.of(check(
                name + " to " + parent.name(),
                State.UNKNOWN,
                "there is no foreign key from " + name + " (" + String.join(", ", columns) + ") to " + parent.name()
                        + ", which the plan calls its parent: nothing proves that parents are there. Add one to "
                        + stores.table().name() + " as NOT VALID, and verify again"));
    }

    private static Optional<String> column(TargetTable child, String entity, String table, String key) {
        List<String> names = new ArrayList<>(List.of(entity + "_" + key, table + "_" + key));
        if (!key.equals("id")) {
            names.add(key);
        }
        return names.stream().filter(name -> child.column(name).isPresent()).findFirst();
    }

    private CampaignCheck check(String subject, State state, String message) {
        return new CampaignCheck(NAME, subject, state, message, clock.instant());
    }
}
