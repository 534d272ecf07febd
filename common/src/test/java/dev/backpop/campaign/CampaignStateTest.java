package dev.backpop.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CampaignStateTest {
    @Test
    void exactly_these_transitions_are_allowed() {
        Set<String> allowed = new TreeSet<>();
        for (CampaignState from : CampaignState.values()) {
            for (CampaignState to : CampaignState.values()) {
                if (from.canBecome(to)) {
                    allowed.add(from.word() + " → " + to.word());
                }
            }
        }

        assertThat(allowed)
                .containsExactlyInAnyOrder(
                        "planned → running",
                        "planned → paused",
                        "planned → cancelled",
                        "running → paused",
                        "running → completed",
                        "running → cancelled",
                        "running → failed",
                        "paused → running",
                        "paused → cancelled",
                        "completed → running",
                        "failed → running");
    }

    @Test
    void words_and_states_are_one_to_one() {
        for (CampaignState state : CampaignState.values()) {
            assertThat(CampaignState.ofWord(state.word())).isEqualTo(state);
        }
    }
}
