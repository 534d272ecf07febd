package dev.backpop.legacy;

import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.Row;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One entity in its legacy store: enumerates its keys in order and fetches its rows. Thread-safe. Every method throws
 * {@link LegacyUnavailableException} when the store cannot be reached, which is never a reason to call a key absent; its kind
 * {@link LegacyOverloadedException} when it was asked for too much at once.
 */
public interface LegacyEntity {
    /** The greatest key in the scope, at or below {@code to} when that is given; empty when there are no keys. */
    Optional<Key> lastKey(@Nullable Key from, @Nullable Key to);

    /** Roughly how many keys there are in the whole entity, for progress bars; empty when it cannot be told cheaply. */
    Optional<Long> estimatedKeys();

    /**
     * Counts the rows of the scope that are not above a bound, beside the enumeration: as all rows of the scope less those
     * above the bound, so that a row is counted too that no range of keys selects. A key that has several rows counts as
     * often.
     *
     * @param from inclusive lower bound of the scope; null for none
     * @param to inclusive upper bound of the scope; null for none
     * @param upTo what is above it does not count; null to count the whole scope
     * @throws IllegalStateException when the store refuses to count
     */
    long count(@Nullable Key from, @Nullable Key to, @Nullable Key upTo);

    /**
     * Whether {@link #keys} streams keys of rows that exist, so that a key that is not streamed has no row. Where it does not,
     * only a fetch can tell.
     */
    default boolean listsRows() {
        return true;
    }

    /**
     * Whether each key that {@link #keys} streams stands for a group of rows whose own keys are not above it and above that of
     * the group before. Then keys that came to nothing are only those that the store names, and cannot be told by counting.
     */
    default boolean keysAreGroups() {
        return false;
    }

    /**
     * How many keys the store is asked for at a time, at least 1. A chunk of another number than a multiple of it costs a whole
     * question for the rest.
     */
    default int keysAtOnce() {
        return 1;
    }

    /**
     * Streams keys in key order.
     *
     * @param from inclusive lower bound; null for none
     * @param after exclusive lower bound, the cursor; null to start
     * @param upTo inclusive upper bound
     * @param limit how many keys at most
     */
    void keys(@Nullable Key from, @Nullable Key after, Key upTo, long limit, Consumer<Key> consumer);

    /**
     * Streams the keys at which runs of so many keys begin and end, for planning: of each run the first key and the last
     * one, and of the last run, which may be shorter, as many more as the store likes. In key order.
     *
     * @param size keys in a run, at least 1
     * @param limit how many keys at most, those between the ends included; a multiple of {@code size}
     * @param consumer given each key with its number, from 1. A key that the store has twice comes twice
     */
    default void edges(@Nullable Key from, @Nullable Key after, Key upTo, int size, long limit, EdgeConsumer consumer) {
        long[] number = new long[1];
        keys(from, after, upTo, limit, key -> consumer.accept(key, ++number[0]));
    }

    /** Takes keys with their numbers. */
    interface EdgeConsumer {
        void accept(Key key, long number);
    }

    /**
     * Fetches and transforms the rows of a chunk, in key order, in batches of bounded bytes. A row that cannot be read or
     * transformed, or that is not to be moved, comes out as a {@link FailedRow} and costs no other row. Every row found comes
     * out exactly once, as one or the other; keys of the selection that come out as neither do not exist in the store, and a
     * store that was told so for a key may say it with a failed row of its own kind.
     *
     * @param rows called with each batch, never an empty one; whatever it throws ends the fetch and is thrown on
     */
    List<FailedRow> fetch(KeySelection selection, Consumer<List<Row>> rows);

    /**
     * Reads the rows of a chunk as they should arrive: what {@link #fetch} promises, by a reading of the mapping of its own,
     * so that a mistake in the mapping that writes does not hide itself. Verification reads by this alone.
     *
     * @param rows called with each batch, never an empty one; whatever it throws ends the reading and is thrown on
     */
    List<FailedRow> expect(KeySelection selection, Consumer<List<Row>> rows);

    /**
     * For each of these keys a text that changes whenever one of its rows is written, so that two looks can tell whether
     * the legacy store held still between them. A key has no entry when it has no row, and none has where the store
     * cannot tell.
     */
    default Map<Key, String> marks(List<Key> keys) {
        return Map.of();
    }

    /** What a PostgreSQL store can be asked directly; empty for every other store. */
    default Optional<ExpectedSql> expectedSql() {
        return Optional.empty();
    }

    /**
     * The source documents of these keys as JSON text, for keeping beside a reject. Keys that are gone are left out.
     */
    Map<Key, String> documents(List<Key> keys);
}
