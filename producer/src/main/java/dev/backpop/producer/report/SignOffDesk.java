package dev.backpop.producer.report;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Counter;
import dev.backpop.ledger.LaterWrites;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.SignOff;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.producer.text.JsonText;
import dev.backpop.producer.text.Quantities;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where a verification is signed, or refused. Thread-safe. */
public final class SignOffDesk {
    private final Ledger ledger;

    public SignOffDesk(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * Why a verification is not signed.
     *
     * @param kind what it is about; null for what no {@code --tolerate} lets pass
     * @param count how many there are; 0 where nothing is counted
     * @param reason what is wrong
     * @param remedy what to do
     */
    public record Refusal(@Nullable FaultKind kind, long count, String reason, String remedy) {}

    /**
     * What came of an attempt to sign.
     *
     * @param signOff null when it was refused
     * @param refusals empty when it was signed
     * @param needless kinds that were to be tolerated and of which there is none
     */
    public record Attempt(@Nullable SignOff signOff, List<Refusal> refusals, List<FaultKind> needless) {
        public Attempt {
            refusals = List.copyOf(refusals);
            needless = List.copyOf(needless);
        }
    }

    private record Verdict(long keys, long matched, List<Fault> faults) {}

    /**
     * Signs a verification that is clean, or whose faults are all tolerated.
     *
     * @param note null for none
     * @throws InvalidInputException when the campaign is no verification
     */
    public Attempt sign(Campaign campaign, String by, @Nullable String note, Set<FaultKind> tolerated) {
        String id = campaign.id();
        if (campaign.kind() != CampaignKind.VERIFY) {
            throw new InvalidInputException("campaign " + id + " is a "
                    + campaign.kind().word() + ": only a verification can be signed off. Verify the entity: backpop"
                    + " verify PLAN --entity " + campaign.entity());
        }
        Findings findings = ledger.snapshot(same -> Findings.of(same, campaign));
        List<Refusal> refusals = refusals(findings, tolerated, ledger.writesSince(id));
        Set<FaultKind> found = findings.reservations().stream().map(Fault::kind).collect(Collectors.toSet());
        List<FaultKind> needless =
                tolerated.stream().filter(kind -> !found.contains(kind)).toList();
        if (!refusals.isEmpty()) {
            return new Attempt(null, refusals, needless);
        }
        Verdict verdict =
                new Verdict(findings.totals().keys(), findings.count(Counter.ROWS_MATCHED), findings.reservations());
        SignOff signed = ledger.signOff(
                id, by, note, tolerated.stream().map(FaultKind::word).toList(), JsonText.of(verdict));
        return new Attempt(signed, List.of(), needless);
    }

    private static List<Refusal> refusals(Findings findings, Set<FaultKind> tolerated, LaterWrites later) {
        Campaign campaign = findings.campaign();
        String id = campaign.id();
        List<Refusal> refusals = new ArrayList<>();
        if (campaign.state() != CampaignState.COMPLETED) {
            String reason = campaign.reason();
            refusals.add(new Refusal(
                    null,
                    0,
                    "it is " + campaign.state().word() + " and not completed" + (reason == null ? "" : ": " + reason),
                    campaign.state().ended()
                            ? "see why: backpop status " + id + "; then verify again"
                            : "let it end: backpop watch " + id));
        }
        for (Fault fault : findings.reservations()) {
            if (!tolerated.contains(fault.kind())) {
                refusals.add(new Refusal(fault.kind(), fault.count(), fault.text(), remedy(fault.kind(), id)));
            }
        }
        Instant finished = campaign.finishedAt();
        if (campaign.state() == CampaignState.COMPLETED
                && finished != null
                && !later.now().isBefore(finished.plus(SignOffStanding.SHELF_LIFE))) {
            refusals.add(new Refusal(
                    null,
                    0,
                    "it ended " + Quantities.duration(Duration.between(finished, later.now()))
                            + " ago, and what is older than 24 hours cannot be signed",
                    "verify again"));
        }
        if (later.campaigns() > 0) {
            refusals.add(new Refusal(null, later.campaigns(), SignOffStanding.written(later), "verify again"));
        }
        return refusals;
    }

    private static String remedy(FaultKind kind, String id) {
        return kind.remedy(id)
                + (kind.tolerable() ? "; or let it pass, saying why: --tolerate " + kind.word() + " --note TEXT" : "");
    }
}
