package dev.backpop.producer.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.ledger.NewChunk;
import dev.backpop.row.Key;
import dev.backpop.row.KeyShape;
import dev.backpop.row.KeyType;
import java.util.List;
import org.junit.jupiter.api.Test;

class RangeBuilderTest {
    private final KeyShape shape = new KeyShape(List.of(KeyType.INTEGER));

    @Test
    void keys_out_of_order_are_refused_before_rows_can_be_lost() {
        RangeBuilder builder = new RangeBuilder(shape, null, 10);
        builder.add(Key.of("10"), 1);

        assertThatThrownBy(() -> builder.add(Key.of("9"), 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("after 10 came 9");
        assertThatThrownBy(() -> builder.add(Key.of("10"), 2)).hasMessageContaining("each once");
    }

    @Test
    void ranges_lie_end_to_end_up_to_the_bound() {
        RangeBuilder builder = new RangeBuilder(shape, null, 2);
        builder.add(Key.of("3"), 1);
        builder.add(Key.of("6"), 2);
        builder.add(Key.of("9"), 3);

        assertThat(builder.finish(100, Key.of("12")))
                .containsExactly(NewChunk.range(null, "[3]", "[6]", 2), NewChunk.range("[6]", "[9]", "[12]", 1));
        assertThat(builder.reached(Key.of("12"))).isEqualTo(Key.of("12"));
    }

    @Test
    void what_lies_between_the_ends_of_a_range_is_counted_by_their_numbers() {
        RangeBuilder builder = new RangeBuilder(shape, Key.of("1"), 100);
        builder.add(Key.of("5"), 1);
        builder.add(Key.of("700"), 100);
        builder.add(Key.of("701"), 101);
        builder.add(Key.of("709"), 105);

        assertThat(builder.finish(200, Key.of("800")))
                .containsExactly(
                        NewChunk.range("[1]", "[5]", "[700]", 100), NewChunk.range("[700]", "[701]", "[800]", 5));
    }
}
