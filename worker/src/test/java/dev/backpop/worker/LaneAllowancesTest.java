package dev.backpop.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class LaneAllowancesTest {
    private final LaneAllowances allowances = new LaneAllowances(4);

    private int free() {
        int free = 0;
        while (free < 100 && allowances.begin("a")) {
            free++;
        }
        for (int i = 0; i < free; i++) {
            allowances.end("a");
        }
        return free;
    }

    private int after(boolean held, boolean pressed) {
        allowances.observe("a", held, pressed);
        return free();
    }

    @Test
    void pressure_takes_one_lane_a_look_but_the_last_and_health_gives_one_back() {
        assertThat(free()).isEqualTo(4);
        assertThat(after(false, true)).isEqualTo(3);
        assertThat(after(false, true)).isEqualTo(2);
        assertThat(after(false, true)).isEqualTo(1);
        assertThat(after(false, true)).isEqualTo(1);
        assertThat(after(false, false)).isEqualTo(2);
        assertThat(after(false, true)).isEqualTo(1);
        assertThat(after(false, false)).isEqualTo(2);
        assertThat(after(false, false)).isEqualTo(3);
        assertThat(after(false, false)).isEqualTo(4);
        assertThat(after(false, false)).isEqualTo(4);
    }

    @Test
    void a_hold_takes_all_and_one_lane_begins_afterwards() {
        assertThat(after(true, true)).isZero();
        assertThat(allowances.fewest()).isZero();
        assertThat(after(true, false)).isZero();
        assertThat(after(false, false)).isEqualTo(1);
        assertThat(after(false, false)).isEqualTo(2);
    }

    @Test
    void lanes_that_are_busy_finish_and_count_against_what_is_left() {
        assertThat(allowances.begin("a")).isTrue();
        assertThat(allowances.begin("a")).isTrue();
        allowances.observe("a", false, true);
        allowances.observe("a", false, true);
        assertThat(allowances.begin("a")).isFalse();

        allowances.end("a");
        assertThat(allowances.begin("a")).isTrue();
        assertThat(allowances.begin("b")).as("another campaign").isTrue();
        assertThat(allowances.fewest()).isEqualTo(2);

        allowances.keepOnly(Set.of("b"));
        assertThat(allowances.fewest()).isEqualTo(4);
        assertThat(free()).as("two of four are busy").isEqualTo(2);
    }
}
