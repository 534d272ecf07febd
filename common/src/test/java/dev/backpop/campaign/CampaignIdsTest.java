package dev.backpop.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.problem.InvalidInputException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CampaignIdsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T10:15:59Z"), ZoneOffset.ofHours(9));

    @Test
    void an_id_says_what_and_when_in_utc() {
        RandomGenerator ending = () -> 0x7f3aL << 32;

        assertThat(CampaignIds.next("post", CampaignKind.BACKFILL, CLOCK, ending))
                .isEqualTo("post-backfill-20261122-1015-7f3a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"post", "crm.customer", "a {b}", "__x", "{}", "ünï"})
    void what_we_make_up_passes_our_own_check(String entity) {
        String id = CampaignIds.next(entity.repeat(30), CampaignKind.VERIFY, CLOCK, RandomGenerator.getDefault());

        assertThat(CampaignIds.check(id)).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", ".a", "a b", "a{b}", "a\n", "a/b", "ä"})
    void a_name_that_would_break_a_redis_key_is_refused(String name) {
        assertThatThrownBy(() -> CampaignIds.check(name))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("1 to 100");
    }

    @Test
    void a_name_has_a_hundred_characters_at_most() {
        assertThat(CampaignIds.check("a".repeat(100))).hasSize(100);
        assertThatThrownBy(() -> CampaignIds.check("a".repeat(101))).isInstanceOf(InvalidInputException.class);
    }
}
