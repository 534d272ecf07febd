package dev.backpop.plan;

import org.jspecify.annotations.Nullable;

/** Reads the section {@code holds} of a plan. */
final class HoldsReader {
    private HoldsReader() {}

    /** @param element null when the plan says nothing, which leaves every default */
    static HoldThresholds read(@Nullable Element element) {
        HoldThresholds thresholds = HoldThresholds.DEFAULTS;
        Section section = element == null ? null : element.section(HoldThreshold.words());
        if (section == null) {
            return thresholds;
        }
        for (HoldThreshold threshold : HoldThreshold.values()) {
            Element value = section.optional(threshold.word());
            if (value == null) {
                continue;
            }
            String text = value.isEmpty() ? HoldThreshold.OFF : value.text();
            String problem = text == null ? null : threshold.problem(text);
            if (problem != null) {
                value.problem(problem + ", or null to switch it off; found " + value.shown());
            } else if (text != null) {
                thresholds = thresholds.with(threshold, text);
            }
        }
        return thresholds;
    }
}
