package dev.backpop.producer.demo;

import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.RejectGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Holds what came of the demo's campaigns against what must come of them. */
final class DemoCheck {
    private static final String NO_SQLSTATE = "none";

    private final Ledger ledger;
    private final DemoSize size;

    DemoCheck(Ledger ledger, DemoSize size) {
        this.ledger = ledger;
        this.size = size;
    }

    /** What is otherwise than expected; empty when nothing is. */
    List<String> backfill(DemoOutcome outcome) {
        DemoExpectation expected = DemoExpectation.of(outcome.entity(), size);
        List<String> differences = new ArrayList<>(ended(outcome));
        differences.addAll(expected.backfillDifferences(
                outcome.totals().keysDone(), outcome.totals().counters()));
        Map<String, Long> wanted = new TreeMap<>(expected.rejectsBySqlState());
        Map<String, Long> kept = new TreeMap<>();
        for (RejectGroup group : ledger.rejectGroups(outcome.campaign().id())) {
            String state = group.sqlState();
            kept.merge(state == null ? NO_SQLSTATE : state, group.count(), Long::sum);
        }
        if (!wanted.equals(kept)) {
            differences.add("rejects of " + outcome.entity() + " by SQLSTATE should be " + wanted + " and are " + kept);
        }
        return differences;
    }

    /** What is otherwise than expected; empty when nothing is. */
    List<String> verify(DemoOutcome outcome) {
        DemoExpectation expected = DemoExpectation.of(outcome.entity(), size);
        List<String> differences = new ArrayList<>(ended(outcome));
        differences.addAll(expected.verifyDifferences(
                outcome.totals().keysDone(), outcome.totals().counters()));
        List<Discrepancy> wanted = new ArrayList<>();
        if (outcome.entity().equals("post")) {
            wanted.add(planted());
        }
        List<Discrepancy> mismatched = mismatched(ledger, outcome);
        if (!same(wanted, mismatched)) {
            differences.add("mismatches of " + outcome.entity() + " should be " + wanted + " and are " + mismatched);
        }
        return differences;
    }

    /** The rows whose values differ, as the verification found them; at most 100. */
    static List<Discrepancy> mismatched(Ledger ledger, DemoOutcome outcome) {
        List<Discrepancy> mismatched = new ArrayList<>();
        ledger.discrepancies(outcome.campaign().id(), Integer.MAX_VALUE, stored -> {
            if (stored.discrepancy().kind() == Discrepancy.Kind.MISMATCHED && mismatched.size() < 100) {
                mismatched.add(stored.discrepancy());
            }
        });
        return mismatched;
    }

    private Discrepancy planted() {
        DemoDifference planted = DemoDifference.of(size);
        return new Discrepancy(
                "[" + planted.postId() + "]",
                Discrepancy.Kind.MISMATCHED,
                List.of(new Discrepancy.Difference(planted.column(), planted.legacy(), planted.target(), null)),
                null);
    }

    /** What is said of the cause is no part of it. */
    private static boolean same(List<Discrepancy> wanted, List<Discrepancy> found) {
        return byKey(wanted).equals(byKey(found)) && wanted.size() == found.size();
    }

    private static Map<String, List<Discrepancy.Difference>> byKey(List<Discrepancy> discrepancies) {
        Map<String, List<Discrepancy.Difference>> byKey = new LinkedHashMap<>();
        discrepancies.forEach(one -> byKey.put(
                one.key(),
                one.columns().stream()
                        .map(column ->
                                new Discrepancy.Difference(column.column(), column.legacy(), column.target(), null))
                        .toList()));
        return byKey;
    }

    private static List<String> ended(DemoOutcome outcome) {
        if (outcome.campaign().state() == CampaignState.COMPLETED) {
            return List.of();
        }
        String reason = outcome.campaign().reason();
        return List.of("campaign " + outcome.campaign().id() + " should be completed and is "
                + outcome.campaign().state().word() + (reason == null ? "" : ": " + reason));
    }
}
