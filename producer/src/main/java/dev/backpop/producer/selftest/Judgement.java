package dev.backpop.producer.selftest;

import dev.backpop.producer.selftest.Verdict.Result;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Holds what was reported against what was planted. */
final class Judgement {
    private Judgement() {}

    /** One verdict for each planted fault, and after them one for each key that was reported and has none. */
    static List<Verdict> of(List<PlantedFault> planted, List<Finding> found) {
        List<Verdict> verdicts = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (PlantedFault fault : planted) {
            verdicts.add(of(fault, found));
            fault.expected().forEach(expected -> known.add(expected.key()));
        }
        for (Finding finding : found) {
            if (!known.contains(finding.key())) {
                verdicts.add(new Verdict(
                        "none",
                        List.of(finding.key()),
                        List.of(finding),
                        Result.FALSE_ALARM,
                        "nothing was planted there"));
            }
        }
        return verdicts;
    }

    private static Verdict of(PlantedFault fault, List<Finding> all) {
        String reason = fault.notPlanted();
        if (reason != null) {
            return new Verdict(fault.name(), List.of(), List.of(), Result.NOT_APPLICABLE, reason);
        }
        List<String> keys = fault.expected().stream().map(Finding::key).toList();
        List<Finding> found =
                all.stream().filter(finding -> keys.contains(finding.key())).toList();
        if (new HashSet<>(found).equals(new HashSet<>(fault.expected()))) {
            return new Verdict(fault.name(), keys, found, Result.FOUND, null);
        }
        String expected = "expected "
                + fault.expected().stream()
                        .map(one -> one.key() + " " + one.text())
                        .collect(Collectors.joining("; "));
        return new Verdict(fault.name(), keys, found, found.isEmpty() ? Result.NOT_FOUND : Result.MISNAMED, expected);
    }
}
