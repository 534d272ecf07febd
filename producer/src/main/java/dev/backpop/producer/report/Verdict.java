package dev.backpop.producer.report;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Counter;
import dev.backpop.producer.text.Quantities;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a campaign comes to, in words.
 *
 * @param clean whether it has ended with nothing wrong
 * @param line one line: {@code Not clean: 3 missing, 12 mismatched}
 * @param canSwitch whether the entity's reads can be moved, by this campaign alone
 * @param advice what to do next
 */
public record Verdict(boolean clean, String line, boolean canSwitch, String advice) {
    static Verdict of(Findings findings, @Nullable SignOffStanding signOff) {
        List<Fault> faults = findings.faults();
        boolean clean = findings.campaign().state() == CampaignState.COMPLETED && faults.isEmpty();
        boolean signed = signOff != null && signOff.valid();
        return new Verdict(clean, line(findings, faults, clean), signed, advice(findings, faults, clean, signOff));
    }

    private static String line(Findings findings, List<Fault> faults, boolean clean) {
        Campaign campaign = findings.campaign();
        String found = faults.stream().map(Fault::text).collect(Collectors.joining(", "));
        String reason = campaign.reason();
        if (clean) {
            return findings.verification() ? "Clean: " + proven(findings) : "Done: every key is accounted for";
        }
        return switch (campaign.state()) {
            case COMPLETED -> "Not clean: " + found;
            case FAILED ->
                "Failed: "
                        + (reason == null ? "the campaign could not do what it was asked to" : reason)
                        + (found.isEmpty() ? "" : "; " + found);
            case CANCELLED -> "Cancelled: it proves nothing" + (found.isEmpty() ? "" : "; so far " + found);
            default ->
                "Not finished: " + Quantities.count(findings.totals().keysDone()) + " of "
                        + Quantities.count(findings.totals().keys())
                        + (campaign.planDone() ? "" : " or more") + " keys are done"
                        + (found.isEmpty() ? ", nothing wrong so far" : "; so far " + found);
        };
    }

    private static String proven(Findings findings) {
        long keys = findings.totals().keys();
        long matched = findings.count(Counter.ROWS_MATCHED);
        if (keys == 0) {
            return "there is no key on either side, so there was nothing to compare";
        }
        String all = matched == keys
                ? "every one of " + Quantities.count(keys) + " keys matches"
                : Quantities.count(matched) + " of " + Quantities.count(keys) + " keys match";
        return all
                + said(findings.count(Counter.ROWS_ABSENT), "had gone from the old store when they were read")
                + said(findings.count(Counter.ROWS_EXCLUDED), "are excluded by the plan")
                + said(findings.mended(), "did not match and have been repaired since")
                + (findings.coverage().whole() ? "" : "; only a part was looked at");
    }

    private static String said(long count, String what) {
        return count == 0 ? "" : ", " + Quantities.count(count) + " " + what;
    }

    private static String advice(
            Findings findings, List<Fault> faults, boolean clean, @Nullable SignOffStanding signOff) {
        String id = findings.campaign().id();
        String entity = findings.campaign().entity();
        if (!findings.verification()) {
            return clean
                    ? "This proves nothing yet. Verify it: backpop verify PLAN --entity " + entity
                    : steps(findings, faults);
        }
        if (signOff != null && signOff.valid()) {
            return "You can switch: " + signOff.signOff().signedBy() + " vouches for it until " + signOff.validUntil()
                    + (signOff.signOff().tolerated().isEmpty()
                            ? "."
                            : ", tolerating "
                                    + String.join(", ", signOff.signOff().tolerated()) + ".");
        }
        if (clean && findings.mended() > 0) {
            return "Do not switch yet: verify the whole again after the repair, and sign that.";
        }
        if (clean && signOff != null) {
            return "Do not switch: the sign-off does not hold any more. Verify the whole again, and sign that.";
        }
        if (clean) {
            return "Do not switch before somebody vouches for it: backpop sign-off " + id + " --by NAME"
                    + (findings.coverage().whole() ? "" : " --tolerate partial --note TEXT");
        }
        return "Do not switch. " + steps(findings, faults);
    }

    private static String steps(Findings findings, List<Fault> faults) {
        String id = findings.campaign().id();
        if (!findings.campaign().state().ended()) {
            return "Let it end: backpop watch " + id;
        }
        return faults.stream()
                .map(fault -> fault.kind().remedy(id))
                .distinct()
                .map(step -> Character.toUpperCase(step.charAt(0)) + step.substring(1) + ".")
                .collect(Collectors.joining(" "));
    }
}
