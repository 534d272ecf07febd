package dev.backpop.producer.report;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.campaign.Tally;
import dev.backpop.ledger.CampaignCheck;
import dev.backpop.ledger.DiscrepancyState;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.Totals;
import dev.backpop.producer.text.Quantities;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the ledger has found of a campaign, in numbers.
 *
 * @param discrepancies by state and kind
 * @param checks of the whole
 * @param unclosed rejects of the closing sweep, which are in no count
 */
record Findings(
        Campaign campaign,
        Totals totals,
        Map<DiscrepancyState, Map<Discrepancy.Kind, Long>> discrepancies,
        List<CampaignCheck> checks,
        long unclosed,
        Coverage coverage) {
    static Findings of(Ledger ledger, Campaign campaign) {
        String id = campaign.id();
        return new Findings(
                campaign,
                ledger.totals(id),
                ledger.discrepancyStates(id),
                ledger.checks(id),
                ledger.closingRejects(id),
                Coverage.of(campaign.spec()));
    }

    Tally tally() {
        return totals.tally(campaign.kind());
    }

    boolean verification() {
        return campaign.kind() == CampaignKind.VERIFY;
    }

    long count(Counter counter) {
        return totals.counters().get(counter);
    }

    long confirmed(Discrepancy.Kind kind) {
        return discrepancies.getOrDefault(DiscrepancyState.CONFIRMED, Map.of()).getOrDefault(kind, 0L);
    }

    long confirmed() {
        return sum(DiscrepancyState.CONFIRMED);
    }

    /** Rows that do not hold still: still to be looked at, or given up as busy once the campaign has ended. */
    long pending() {
        return Math.max(sum(DiscrepancyState.PENDING), count(Counter.ROWS_PENDING));
    }

    /** Rows that the campaign counted as wrong and that a repair has put right since. */
    long mended() {
        long counted = count(Counter.ROWS_MISSING) + count(Counter.ROWS_MISMATCHED) + count(Counter.ROWS_UNEXPECTED);
        return Math.max(0, counted - confirmed());
    }

    private long sum(DiscrepancyState state) {
        return discrepancies.getOrDefault(state, Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Everything that keeps the campaign from being clean, gravest first. */
    List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        if (!tally().addsUp()) {
            add(faults, FaultKind.SUM, Math.abs(tally().enumerated() - tally().accountedFor()), "not accounted for");
        }
        add(faults, FaultKind.FAILED_CHUNKS, totals.chunks(ChunkState.FAILED), "in chunks that failed");
        if (verification()) {
            add(faults, FaultKind.MISSING, confirmed(Discrepancy.Kind.MISSING), "missing");
            add(faults, FaultKind.MISMATCHED, confirmed(Discrepancy.Kind.MISMATCHED), "mismatched");
            add(faults, FaultKind.UNEXPECTED, confirmed(Discrepancy.Kind.UNEXPECTED), "unexpected");
            add(faults, FaultKind.UNVERIFIABLE, count(Counter.ROWS_UNVERIFIABLE), "unverifiable");
            add(faults, FaultKind.BUSY, pending(), campaign.state().ended() ? "busy" : "to be looked at again");
            add(faults, FaultKind.CHECKS, checks(CampaignCheck.State.FAILED), "of the checks failed");
        } else {
            add(faults, FaultKind.REJECTED, count(Counter.ROWS_REJECTED) + unclosed, "rejected");
            add(faults, FaultKind.DEFERRED, count(Counter.ROWS_DEFERRED), "deferred");
        }
        return faults;
    }

    private long checks(CampaignCheck.State state) {
        return checks.stream().filter(check -> check.state() == state).count();
    }

    /** The faults, and what else a sign-off must let pass: checks that could not be made, and keys that were left out. */
    List<Fault> reservations() {
        List<Fault> reservations = new ArrayList<>(faults());
        add(reservations, FaultKind.CHECKS, checks(CampaignCheck.State.MOVING), "of the checks never held still");
        add(reservations, FaultKind.CHECKS, checks(CampaignCheck.State.UNKNOWN), "of the checks could not be made");
        if (!coverage.whole()) {
            reservations.add(new Fault(FaultKind.PARTIAL, totals.keys(), coverage.text() + " were verified"));
        }
        return reservations;
    }

    private static void add(List<Fault> faults, FaultKind kind, long count, String what) {
        if (count > 0) {
            String text = kind == FaultKind.FAILED_CHUNKS
                    ? Quantities.count(count) + (count == 1 ? " chunk failed" : " chunks failed")
                    : Quantities.count(count) + " " + what;
            faults.add(new Fault(kind, count, text));
        }
    }
}
