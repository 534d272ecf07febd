package dev.backpop.producer.driver;

import dev.backpop.row.Key;
import dev.backpop.row.KeyShape;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Passes keys on that come in key order, each once, though a legacy store may have several rows of one. Not thread-safe. */
final class OncePerKey implements Consumer<Key> {
    private final KeyShape shape;
    private final Consumer<Key> consumer;
    private @Nullable Key last;

    OncePerKey(KeyShape shape, Consumer<Key> consumer) {
        this.shape = shape;
        this.consumer = consumer;
    }

    @Override
    public void accept(Key key) {
        Key before = last;
        if (before == null || shape.compare(before, key) != 0) {
            last = key;
            consumer.accept(key);
        }
    }
}
