package dev.backpop.health;

import dev.backpop.plan.HoldThreshold;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether one campaign holds, from the readings of one look at the target after the other. A hold begins with a reading over
 * its threshold and ends when every reading has stayed below four fifths of its own for three looks. For one thread.
 *
 * <p>Source of the two bounds: hysteresis as in any thermostat; without it a campaign would start and stop with every look.
 */
public final class HoldDecision {
    /** The share of a threshold from which the target counts as pressed. */
    public static final double PRESSED = 0.8;

    static final int CALM_LOOKS = 3;

    private final String campaignId;
    private int calmLooks;
    private boolean held;
    private boolean pressed;
    private List<Reading.Known> over = List.of();
    private String reason = "";

    public HoldDecision(String campaignId) {
        this.campaignId = campaignId;
    }

    /** Takes the next look in. What is unknown neither begins a hold nor keeps one from ending. */
    public void observe(List<Reading> readings) {
        List<Reading.Known> known = readings.stream()
                .filter(Reading.Known.class::isInstance)
                .map(Reading.Known.class::cast)
                .toList();
        pressed = known.stream().anyMatch(reading -> reading.share() >= PRESSED);
        calmLooks = pressed ? 0 : calmLooks + 1;
        List<Reading.Known> overNow = known.stream().filter(Reading.Known::over).toList();
        if (!overNow.isEmpty()) {
            // The first words stay as long as the same thresholds are exceeded: a reason that changed with every figure
            // would be written, and read, every two seconds.
            if (!held || !thresholds(overNow).equals(thresholds(over))) {
                reason = overNow.stream().map(this::words).collect(Collectors.joining("; "));
            }
            over = overNow;
            held = true;
        } else if (calm()) {
            held = false;
            over = List.of();
        }
    }

    private static List<HoldThreshold> thresholds(List<Reading.Known> readings) {
        return readings.stream().map(Reading.Known::threshold).toList();
    }

    private String words(Reading.Known reading) {
        String bound = reading.bound().isEmpty() ? "" : ", " + reading.bound();
        return reading.found() + bound + " (holds." + reading.threshold().word() + "): waiting for it; backpop set "
                + campaignId + " " + reading.wayOn() + " goes on";
    }

    public boolean held() {
        return held;
    }

    /** Why it holds; null when it does not. */
    public @Nullable String reason() {
        return held ? reason : null;
    }

    /** The thresholds that it holds for; empty when it does not. */
    public List<HoldThreshold> thresholds() {
        return thresholds(over);
    }

    /** True when the last look found a reading near its threshold or over it. */
    public boolean pressed() {
        return pressed;
    }

    /** True when the target has been calm for so long that no hold is due, whoever began it. */
    public boolean calm() {
        return calmLooks >= CALM_LOOKS;
    }
}
