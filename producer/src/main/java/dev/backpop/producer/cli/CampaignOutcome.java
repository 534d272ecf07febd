package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Tally;
import dev.backpop.command.ExitCode;
import dev.backpop.ledger.CampaignCheck;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.Totals;

/**
 * What has come of a campaign so far, by the ledger, and whether that is clean.
 *
 * @param discrepancies those that are not resolved
 * @param unclosed rejects of the closing sweep, which are in no count
 * @param failedChecks of the counts, foreign keys and sequences that a verification looks at. Counts that live writers
 *     kept moving prove nothing, and say nothing against it: a sign-off asks for them
 */
record CampaignOutcome(Campaign campaign, Totals totals, long discrepancies, long unclosed, long failedChecks) {
    static CampaignOutcome of(Ledger ledger, Campaign campaign) {
        long discrepancies = campaign.kind() == CampaignKind.VERIFY
                ? ledger.discrepancyCounts(campaign.id()).values().stream()
                        .mapToLong(Long::longValue)
                        .sum()
                : 0;
        return new CampaignOutcome(
                campaign,
                ledger.totals(campaign.id()),
                discrepancies,
                ledger.closingRejects(campaign.id()),
                ledger.checks(campaign.id()).stream()
                        .filter(check -> check.state() == CampaignCheck.State.FAILED)
                        .count());
    }

    Tally tally() {
        return totals.tally(campaign.kind());
    }

    /** Rows that stay out, or that the closing sweep could not settle. */
    long rejects() {
        return totals.counters().get(Counter.ROWS_REJECTED) + unclosed;
    }

    /** Rows that wait for their parents. */
    long deferred() {
        return totals.counters().get(Counter.ROWS_DEFERRED);
    }

    long failedChunks() {
        return totals.chunks(ChunkState.FAILED);
    }

    /**
     * True when nothing is wrong: no rejects, deferred rows, discrepancies, failed chunks or checks so far, and the sum adds up. A campaign that was
     * cancelled or failed has not done what it was asked to, and one that ended without having compared a row has not
     * proven it.
     */
    boolean clean() {
        return rejects() == 0
                && deferred() == 0
                && discrepancies == 0
                && failedChecks == 0
                && failedChunks() == 0
                && tally().addsUp()
                && campaign.state() != CampaignState.CANCELLED
                && campaign.state() != CampaignState.FAILED
                && (!campaign.state().ended() || unproven() == 0);
    }

    /** Rows that a verification could not compare, or not for good. */
    long unproven() {
        return totals.counters().get(Counter.ROWS_UNVERIFIABLE)
                + totals.counters().get(Counter.ROWS_PENDING);
    }

    int exitCode() {
        return clean() ? ExitCode.CLEAN : ExitCode.INCOMPLETE;
    }
}
