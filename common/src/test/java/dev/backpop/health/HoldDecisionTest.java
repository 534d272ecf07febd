package dev.backpop.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.plan.HoldThreshold;
import java.util.List;
import org.junit.jupiter.api.Test;

class HoldDecisionTest {
    private final HoldDecision decision = new HoldDecision("c1");

    private static Reading lag(double share) {
        return new Reading.Known(
                HoldThreshold.REPLICA_LAG,
                share,
                "the replica 'a' lags " + share * 5 + " s",
                "more than 5s",
                "replica_lag=" + Math.round(share * 10) + "s");
    }

    private static Reading locks(double share) {
        return new Reading.Known(HoldThreshold.LOCK_WAITS, share, share * 10 + " sessions wait", "more than 10", "x=1");
    }

    private static Reading unknown() {
        return new Reading.Unknown(HoldThreshold.REPLICA_LAG, "no right");
    }

    private void observe(Reading... readings) {
        decision.observe(List.of(readings));
    }

    @Test
    void a_reading_at_its_threshold_does_not_hold_and_one_over_it_does_with_the_reason_and_the_way_on() {
        observe(lag(1), locks(0));
        assertThat(decision.held()).isFalse();
        assertThat(decision.reason()).isNull();
        assertThat(decision.pressed()).isTrue();

        observe(lag(1.2), locks(0));
        assertThat(decision.held()).isTrue();
        assertThat(decision.reason())
                .isEqualTo("the replica 'a' lags 6.0 s, more than 5s (holds.replica_lag): waiting for it;"
                        + " backpop set c1 replica_lag=12s goes on");
        assertThat(decision.thresholds()).containsExactly(HoldThreshold.REPLICA_LAG);
    }

    @Test
    void a_hold_ends_only_after_three_looks_in_a_row_below_four_fifths_of_every_threshold() {
        observe(lag(2), locks(0));
        observe(lag(0.9), locks(0));
        observe(lag(0.5), locks(0));
        observe(lag(0.5), locks(0));
        observe(lag(0.5), locks(0.8));
        assertThat(decision.held()).as("another reading is near its threshold").isTrue();

        observe(lag(0.5), locks(0));
        observe(lag(0.5), locks(0));
        assertThat(decision.held()).as("two calm looks").isTrue();
        assertThat(decision.calm()).isFalse();

        observe(lag(0.5), locks(0));
        assertThat(decision.held()).isFalse();
        assertThat(decision.reason()).isNull();
        assertThat(decision.thresholds()).isEmpty();
        assertThat(decision.calm()).isTrue();
    }

    @Test
    void what_is_unknown_neither_begins_a_hold_nor_keeps_one() {
        observe(unknown());
        assertThat(decision.held()).isFalse();
        assertThat(decision.pressed()).isFalse();

        observe(lag(2));
        observe(unknown());
        observe(unknown());
        assertThat(decision.held()).isTrue();
        observe(unknown());
        assertThat(decision.held()).isFalse();
    }

    @Test
    void the_reason_keeps_its_figures_until_another_threshold_is_exceeded() {
        observe(lag(2), locks(0));
        observe(lag(3), locks(0));
        assertThat(decision.reason()).contains("lags 10.0 s");

        observe(lag(0.5), locks(0));
        assertThat(decision.reason()).contains("lags 10.0 s");

        observe(lag(4), locks(2));
        assertThat(decision.reason()).contains("lags 20.0 s", "20.0 sessions wait", "holds.lock_waits");

        observe(lag(0.5), locks(3));
        assertThat(decision.reason()).contains("30.0 sessions wait").doesNotContain("lags");
    }

    @Test
    void a_threshold_that_is_raised_or_switched_off_ends_the_hold_as_if_the_target_were_well() {
        observe(lag(2));
        decision.observe(List.of());
        decision.observe(List.of());
        decision.observe(List.of());

        assertThat(decision.held()).isFalse();
    }
}
