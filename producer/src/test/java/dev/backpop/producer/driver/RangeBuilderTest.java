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
        builder.add(Key.of("10"));

        assertThatThrownBy(() -> builder.add(Key.of("9")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("after 10 came 9");
        assertThatThrownBy(() -> builder.add(Key.of("10"))).hasMessageContaining("each once");
    }

    @Test
    void ranges_lie_end_to_end_up_to_the_bound() {
        RangeBuilder builder = new RangeBuilder(shape, null, 2);
        for (String key : List.of("3", "6", "9")) {
            builder.add(Key.of(key));
        }

        assertThat(builder.finish(100, Key.of("12")))
                .containsExactly(NewChunk.range(null, "[3]", "[6]", 2), NewChunk.range("[6]", "[9]", "[12]", 1));
        assertThat(builder.reached(Key.of("12"))).isEqualTo(Key.of("12"));
    }
}
