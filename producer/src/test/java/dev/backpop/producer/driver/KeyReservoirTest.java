package dev.backpop.producer.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backpop.row.Key;
import dev.backpop.row.KeyShape;
import dev.backpop.row.KeyType;
import java.util.HashSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class KeyReservoirTest {
    private static final KeyShape SHAPE = new KeyShape(List.of(KeyType.INTEGER));

    private static List<Long> drawn(int size, long seed, int population) {
        KeyReservoir reservoir = new KeyReservoir(size, seed);
        LongStream.rangeClosed(1, population).forEach(value -> reservoir.add(key(value)));
        assertThat(reservoir.seen()).isEqualTo(population);
        return reservoir.keys().stream()
                .map(key -> Long.parseLong(SHAPE.toJson(key).replaceAll("[^0-9]", "")))
                .toList();
    }

    private static Key key(long value) {
        return SHAPE.fromJson("[" + value + "]");
    }

    @Test
    void draws_as_many_as_asked_for_none_twice_and_all_when_there_are_no_more() {
        assertThat(new HashSet<>(drawn(300, 1, 10_000))).hasSize(300);
        assertThat(drawn(300, 1, 300))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 300).boxed().toList());
        assertThat(drawn(300, 1, 7)).hasSize(7);
        assertThat(drawn(300, 1, 0)).isEmpty();
    }

    @Test
    void one_seed_draws_the_same_keys_and_another_others() {
        assertThat(drawn(50, 7, 10_000)).isEqualTo(drawn(50, 7, 10_000)).isNotEqualTo(drawn(50, 8, 10_000));
    }

    /** 20,000 samples of 3 of 10: each key and each pair comes as often as every other, within five standard deviations. */
    @Test
    void every_key_and_every_pair_is_as_likely_as_every_other() {
        int samples = 20_000;
        int[] keys = new int[11];
        int[][] pairs = new int[11][11];
        for (int seed = 0; seed < samples; seed++) {
            List<Long> sample = drawn(3, seed, 10);
            for (long one : sample) {
                keys[(int) one]++;
                for (long other : sample) {
                    pairs[(int) one][(int) other]++;
                }
            }
        }
        for (int one = 1; one <= 10; one++) {
            assertThat((double) keys[one] / samples).as("key %d", one).isCloseTo(0.3, within(0.0165));
            for (int other = 1; other <= 10; other++) {
                if (other != one) {
                    // 3 of 10 times 2 of the 9 left.
                    assertThat((double) pairs[one][other] / samples)
                            .as("keys %d and %d", one, other)
                            .isCloseTo(1.0 / 15, within(0.009));
                }
            }
        }
    }
}
