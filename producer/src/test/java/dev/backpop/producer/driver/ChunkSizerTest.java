package dev.backpop.producer.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.CampaignSettings;
import dev.backpop.ledger.ChunkTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkSizerTest {
    private final ChunkSizer sizer = new ChunkSizer(Duration.ofSeconds(1), 1_000);

    private static ChunkTime done(long keys, long millis) {
        return new ChunkTime(1, keys, Duration.ofMillis(millis), false);
    }

    private static ChunkTime split(long keys, long millis) {
        return new ChunkTime(1, keys, Duration.ofMillis(millis), true);
    }

    private static List<ChunkTime> five(ChunkTime time) {
        return IntStream.range(0, 5).mapToObj(i -> time).toList();
    }

    @Test
    void fast_chunks_make_the_next_a_fifth_larger_a_look_up_to_ten_thousand() {
        sizer.observe(five(done(1_000, 100)));
        assertThat(sizer.size(1)).isEqualTo(1_200);
        for (int i = 0; i < 50; i++) {
            sizer.observe(five(done(1_000, 10)));
        }
        assertThat(sizer.size(1)).isEqualTo(ChunkSizer.MOST);
    }

    @Test
    void chunks_far_from_their_time_make_the_next_as_large_as_takes_a_tenth_of_it_in_one_look() {
        sizer.observe(five(done(1_000, 20)));
        assertThat(sizer.size(1)).isBetween(4_100, 5_000);
        sizer.observe(five(done(4_500, 20)));
        assertThat(sizer.size(1)).isEqualTo(ChunkSizer.MOST);
    }

    @Test
    void keys_that_stand_for_groups_begin_with_few_and_grow_at_once_where_groups_are_small() {
        sizer.grouped();
        assertThat(sizer.size(1)).isEqualTo(ChunkSizer.FEWEST);
        sizer.observe(five(done(10, 6_000)));
        assertThat(sizer.size(1)).isEqualTo(ChunkSizer.FEWEST);
        sizer.observe(five(done(10, 1)));
        assertThat(sizer.size(1)).isBetween(800, 1_000);
    }

    @Test
    void chunks_whose_rows_stay_in_the_databases_may_be_larger() {
        sizer.scanned();
        assertThat(sizer.size(1)).isEqualTo(5_000);
        for (int i = 0; i < 50; i++) {
            sizer.observe(five(done(1_000, 1)));
            sizer.follow(CampaignSettings.NONE);
        }
        assertThat(sizer.size(1)).isEqualTo(50_000);
    }

    @Test
    void slow_chunks_halve_the_next_as_often_as_it_takes_in_one_look() {
        sizer.observe(five(done(1_000, 1_500)));
        assertThat(sizer.size(1)).isEqualTo(500);
        sizer.observe(five(done(1_000, 100_000)));
        assertThat(sizer.size(1)).isEqualTo(10);
        sizer.observe(five(done(1_000, 1_000_000)));
        assertThat(sizer.size(1)).isEqualTo(ChunkSizer.FEWEST);
    }

    @Test
    void near_the_goal_nothing_changes() {
        sizer.observe(five(done(1_000, 900)));
        assertThat(sizer.size(1)).isEqualTo(1_000);
        sizer.observe(List.of());
        sizer.observe(List.of(done(0, 5_000)));
        assertThat(sizer.size(1)).isEqualTo(1_000);
    }

    @Test
    void a_chunk_that_was_split_makes_the_next_smaller_however_soon_it_ended() {
        sizer.observe(List.of(split(1_000, 50)));
        assertThat(sizer.size(1)).isEqualTo(500);
        sizer.observe(List.of(split(1_000, 60_000), done(1_000, 100), done(1_000, 100)));
        assertThat(sizer.size(1)).isLessThan(50);
    }

    @Test
    void chunks_are_whole_multiples_of_what_the_store_is_asked_for_at_a_time() {
        sizer.observe(five(done(1_000, 900)));
        assertThat(sizer.size(100)).isEqualTo(1_000);
        sizer.observe(five(done(1_000, 300)));
        assertThat(sizer.size(1)).isEqualTo(1_200);
        sizer.observe(five(done(1_200, 300)));
        assertThat(sizer.size(1)).isEqualTo(1_440);
        assertThat(sizer.size(100)).isEqualTo(1_400);
        sizer.observe(five(done(1_000, 100_000)));
        assertThat(sizer.size(100)).isEqualTo(100);
    }

    @Test
    void a_rate_below_what_the_store_is_asked_for_at_a_time_is_kept_to() {
        sizer.follow(CampaignSettings.ofJson("{\"rate\":30}"));
        assertThat(sizer.size(100)).isEqualTo(30);
    }
}
