package dev.backpop.producer.driver;

import dev.backpop.campaign.Campaign;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.NewChunk;
import dev.backpop.queue.Task;
import dev.backpop.row.Key;
import dev.backpop.row.KeyShape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns keys into chunks in the ledger, a window at a time, from where the last driver stopped. For one thread, and for one
 * process at a time: the ledger refuses a second planner.
 *
 * <p>Ranges lie end to end from the campaign's lower bound to its frozen upper bound, whatever keys they hold, so that a
 * verification looks at every target key in between.
 */
final class ChunkPlanner {
    /** Listed keys are held in memory, as ranges are not. */
    private static final int MOST_LISTED_AT_ONCE = 4;

    private final String campaignId;
    private final Ledger ledger;
    private final KeyShape shape;
    private final EdgeSource legacyKeys;
    private final @Nullable KeySource targetTail;
    private final @Nullable Key upper;

    private @Nullable String storedCursor;
    private @Nullable Key cursor;
    private boolean done;

    /**
     * @param upper the frozen bound; null when the legacy store has no keys
     * @param targetTail the target's keys beyond the bound, which a verification looks at too; null when nobody does
     */
    ChunkPlanner(
            Campaign campaign,
            Ledger ledger,
            KeyShape shape,
            EdgeSource legacyKeys,
            @Nullable KeySource targetTail,
            @Nullable Key upper) {
        this.campaignId = campaign.id();
        this.ledger = ledger;
        this.shape = shape;
        this.legacyKeys = legacyKeys;
        this.targetTail = targetTail;
        this.upper = upper;
        this.storedCursor = campaign.planCursor();
        this.cursor = storedCursor == null ? null : shape.fromJson(storedCursor);
        this.done = campaign.planDone();
    }

    boolean done() {
        return done;
    }

    /**
     * Plans some more chunks.
     *
     * @param chunks how many at most
     * @param size keys in each
     * @return what to enqueue
     */
    List<Task> plan(int chunks, int size) {
        Key bound = upper;
        boolean legacyDone = bound == null || (cursor != null && shape.compare(cursor, bound) >= 0);
        List<NewChunk> planned;
        if (!legacyDone && bound != null) {
            RangeBuilder builder = new RangeBuilder(shape, cursor, size);
            legacyKeys.edges(cursor, size, (long) chunks * size, builder::add);
            planned = builder.finish((long) chunks * size, bound);
            Key reached = builder.reached(bound);
            boolean last = shape.compare(reached, bound) >= 0;
            return keep(planned, reached, last && targetTail == null);
        }
        KeySource tail = targetTail;
        if (tail == null) {
            return keep(List.of(), cursor, true);
        }
        Key after = cursor == null ? bound : cursor;
        List<Key> keys = new ArrayList<>();
        int listed = Math.min(size, ChunkSizer.MOST);
        long most = (long) Math.min(chunks, MOST_LISTED_AT_ONCE) * listed;
        tail.keys(after, most, keys::add);
        planned = lists(keys, listed);
        Key reached = keys.isEmpty() ? cursor : keys.get(keys.size() - 1);
        return keep(planned, reached, keys.size() < most);
    }

    private List<NewChunk> lists(List<Key> keys, int size) {
        List<NewChunk> planned = new ArrayList<>();
        for (int from = 0; from < keys.size(); from += size) {
            planned.add(NewChunk.list(keys.subList(from, Math.min(keys.size(), from + size)).stream()
                    .map(shape::toJson)
                    .toList()));
        }
        return planned;
    }

    private List<Task> keep(List<NewChunk> planned, @Nullable Key reached, boolean last) {
        String newCursor = reached == null ? null : shape.toJson(reached);
        int first = ledger.appendChunks(campaignId, storedCursor, planned, newCursor, last);
        storedCursor = newCursor;
        cursor = reached;
        done = last;
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < planned.size(); i++) {
            tasks.add(new Task(first + i, planned.get(i).keyCount()));
        }
        return tasks;
    }
}
