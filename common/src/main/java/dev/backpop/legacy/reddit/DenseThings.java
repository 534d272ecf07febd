package dev.backpop.legacy.reddit;

import dev.backpop.legacy.FailedRow;
import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.legacy.reddit.api.Answer;
import dev.backpop.plan.From;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Posts or channels: every number from 1 to the newest may be one. They are asked for by hundreds, and those that the server
 * leaves out one by one, because it leaves out more than those that are not there.
 */
final class DenseThings implements ThingSource {
    private static final long LONGEST_CHUNK = 10_000;
    /** Whoever creates a campaign asks for the newest several times in a moment, and each time would cost the budget. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    private final From.Thing thing;
    private final ThingReader reader;
    private final Flights flights;
    private final List<String> listings;
    private final @Nullable NamedChannels named;
    private final LongSupplier nanoTime;
    private final Map<String, Listed> listed = new ConcurrentHashMap<>();
    private final AtomicLong known = new AtomicLong();

    /** What a listing said, and when. */
    private record Listed(long nanos, OptionalLong newest) {}

    private DenseThings(
            From.Thing thing,
            ThingReader reader,
            Flights flights,
            List<String> listings,
            @Nullable NamedChannels named,
            LongSupplier nanoTime) {
        this.thing = thing;
        this.reader = reader;
        this.flights = flights;
        this.listings = listings;
        this.named = named;
        this.nanoTime = nanoTime;
    }

    static DenseThings posts(ThingReader reader, Flights flights, LongSupplier nanoTime) {
        // The front page leaves out what the account hid, and the channel of all channels is not on every server.
        return new DenseThings(From.Thing.POSTS, reader, flights, List.of("/new", "/r/all/new"), null, nanoTime);
    }

    /** Of these only the newest is told here: by their numbers alone they cannot be found for certain. */
    static DenseThings comments(ThingReader reader, Flights flights, LongSupplier nanoTime) {
        List<String> listings = List.of("/comments", "/r/all/comments");
        return new DenseThings(From.Thing.COMMENTS, reader, flights, listings, null, nanoTime);
    }

    static DenseThings channels(ThingReader reader, Flights flights, NamedChannels named, LongSupplier nanoTime) {
        return new DenseThings(From.Thing.CHANNELS, reader, flights, List.of("/subreddits/new"), named, nanoTime);
    }

    /** Has the server answer something that needs a login that works, unless it did a moment ago. */
    void reach() {
        newest(listings.get(0), FRESH);
    }

    @Override
    public long newest() {
        return newest(FRESH);
    }

    private long newest(Duration fresh) {
        long newest = 0;
        boolean answered = false;
        for (String path : listings) {
            OptionalLong found = newest(path, fresh);
            answered = answered || found.isPresent();
            newest = Math.max(newest, found.orElse(0));
        }
        if (!answered) {
            throw new LegacyUnavailableException("Reddit does not tell its newest " + thing.word() + ": none of "
                    + String.join(", ", listings) + " may be read by this account");
        }
        return known.accumulateAndGet(newest, Math::max);
    }

    private OptionalLong newest(String path, Duration fresh) {
        long now = nanoTime.getAsLong();
        Listed last = listed.get(path);
        if (last != null && now - last.nanos() < fresh.toNanos()) {
            return last.newest();
        }
        OptionalLong found = reader.newest(thing, path);
        listed.put(path, new Listed(now, found));
        return found;
    }

    /**
     * The end of the walk over a chunk. One that planning walked has no more keys than a chunk may have, and is walked whole;
     * a longer one lies between keys that only the target has, and is walked no further than there can be things.
     */
    long end(long first, @Nullable Long wanted) {
        return wanted != null && wanted - first < LONGEST_CHUNK ? wanted : end(wanted, Duration.ZERO);
    }

    /** The end of a walk that is to go to a number: no further than there can be things. */
    long end(@Nullable Long wanted) {
        return end(wanted, FRESH);
    }

    private long end(@Nullable Long wanted, Duration fresh) {
        if (wanted != null && wanted <= known.get()) {
            return wanted;
        }
        long newest = newest(fresh);
        return wanted == null ? newest : Math.min(wanted, newest);
    }

    @Override
    public Optional<Key> lastKey(@Nullable Key from, @Nullable Key to) {
        long last = end(to == null ? null : Long.valueOf(number(to)));
        return last >= first(from, null) ? Optional.of(key(last)) : Optional.empty();
    }

    @Override
    public void keys(@Nullable Key from, @Nullable Key after, Key upTo, long limit, Consumer<Key> consumer) {
        LongStream.rangeClosed(first(from, after), number(upTo)).limit(limit).forEach(id -> consumer.accept(key(id)));
    }

    @Override
    public void find(KeySelection selection, ThingSink sink) {
        List<Runnable> work = new ArrayList<>();
        List<Long> leftOut = Collections.synchronizedList(new ArrayList<>());
        if (selection instanceof KeySelection.Range range) {
            Key last = range.last();
            long first = first(range.from(), range.after());
            long end = end(first, last == null ? null : Long.valueOf(number(last)));
            for (long from = first; from <= end; from += ThingReader.AT_ONCE) {
                List<Long> some = LongStream.rangeClosed(from, Math.min(end, from + ThingReader.AT_ONCE - 1))
                        .boxed()
                        .toList();
                work.add(() -> info(some, sink, leftOut));
            }
        } else if (selection instanceof KeySelection.Keys keys) {
            List<Long> wanted = keys.keys().stream()
                    .map(DenseThings::number)
                    .filter(id -> id > 0)
                    .distinct()
                    .toList();
            for (int from = 0; from < wanted.size(); from += ThingReader.AT_ONCE) {
                List<Long> some = wanted.subList(from, Math.min(wanted.size(), from + ThingReader.AT_ONCE));
                work.add(() -> info(some, sink, leftOut));
            }
        }
        flights.all(work);
        flights.all(leftOut.stream().<Runnable>map(id -> () -> alone(id, sink)).toList());
    }

    private void info(List<Long> some, ThingSink sink, List<Long> leftOut) {
        Map<Long, ObjectNode> found = reader.info(thing, some);
        for (long id : some) {
            ObjectNode data = found.get(id);
            if (data == null) {
                leftOut.add(id);
            } else {
                NamedChannels byName = named;
                if (byName != null) {
                    byName.found(id, data);
                }
                sink.found(key(id), data);
            }
        }
    }

    private void alone(long id, ThingSink sink) {
        Answer answer = thing == From.Thing.POSTS ? reader.post(id) : channel(id);
        if (answer instanceof Answer.Found found && found.body() instanceof ObjectNode data) {
            sink.found(key(id), data);
        } else if (answer instanceof Answer.Absent absent) {
            sink.failed(new FailedRow(key(id), FailedRow.Kind.ABSENT, null, absent.evidence()));
        } else if (answer instanceof Answer.Forbidden forbidden) {
            sink.failed(new FailedRow(key(id), FailedRow.Kind.FORBIDDEN, null, "forbidden: " + forbidden.reason()));
        }
    }

    /** A channel has no page by its number, so it is asked for once more without others, and then by its name. */
    private Answer channel(long id) {
        ObjectNode data = reader.info(thing, List.of(id)).get(id);
        if (data != null) {
            return new Answer.Found(data);
        }
        NamedChannels byName = named;
        return byName == null ? new Answer.Absent(NamedChannels.LEFT_OUT) : byName.leftOut(id);
    }

    static long first(@Nullable Key from, @Nullable Key after) {
        return Math.max(1, Math.max(from == null ? 1 : number(from), after == null ? 1 : number(after) + 1));
    }

    private static long number(Key key) {
        return Long.parseLong(key.parts().get(0));
    }

    private static Key key(long number) {
        return Key.of(Long.toString(number));
    }
}
