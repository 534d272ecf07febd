package dev.backpop.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TallyTest {
    @Test
    void a_backfill_adds_up_when_every_key_has_one_end() {
        Counters counters = Counters.NONE
                .plus(Counter.ROWS_READ, 1000)
                .plus(Counter.ROWS_WRITTEN, 1)
                .plus(Counter.ROWS_UNCHANGED, 2)
                .plus(Counter.ROWS_GUARDED, 3)
                .plus(Counter.ROWS_REJECTED, 4)
                .plus(Counter.ROWS_ABSENT, 5)
                .plus(Counter.ROWS_EXCLUDED, 6);

        assertThat(new Tally(CampaignKind.BACKFILL, 21, counters, 0).addsUp()).isTrue();
        assertThat(new Tally(CampaignKind.BACKFILL, 21, counters, 0).explain())
                .isEqualTo("21 enumerated = 1 written + 2 unchanged + 3 guarded + 4 rejected + 5 absent + 6 excluded");
        assertThat(new Tally(CampaignKind.BACKFILL, 20, counters, 0).addsUp()).isFalse();
    }

    @Test
    void a_verify_counts_unexpected_rows_beside_its_sum() {
        Counters counters = Counters.NONE
                .plus(Counter.ROWS_MATCHED, 1)
                .plus(Counter.ROWS_MISMATCHED, 2)
                .plus(Counter.ROWS_MISSING, 3)
                .plus(Counter.ROWS_ABSENT, 4)
                .plus(Counter.ROWS_EXCLUDED, 5)
                .plus(Counter.ROWS_UNVERIFIABLE, 6)
                .plus(Counter.ROWS_PENDING, 7)
                .plus(Counter.ROWS_UNEXPECTED, 100);

        assertThat(new Tally(CampaignKind.VERIFY, 28, counters, 0).addsUp()).isTrue();
    }

    @Test
    void a_sum_that_is_off_says_by_how_much_and_names_keys_not_done() {
        Counters counters = Counters.NONE.plus(Counter.ROWS_WRITTEN, 7);

        assertThat(new Tally(CampaignKind.REPAIR, 10, counters, 40).explain())
                .contains("10 enumerated ≠ 7 written")
                .contains("3 keys are not accounted for")
                .contains("40 keys in chunks that are not done");
        assertThat(new Tally(CampaignKind.REPAIR, 5, counters, 0).explain())
                .contains("2 more accounted for than enumerated");
    }
}
