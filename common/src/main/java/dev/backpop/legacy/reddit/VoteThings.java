package dev.backpop.legacy.reddit;

import dev.backpop.legacy.FailedRow;
import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.legacy.reddit.api.Answer;
import dev.backpop.legacy.reddit.api.LoginRefusedException;
import dev.backpop.plan.From;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Votes, by asking every voter for everything there is. The keys are a voter's number and a thing's; each one planned stands for
 * up to a hundred things, its own the last, because that is what one request asks for. A key whose thing is the greatest of all
 * numbers is only told of: everything of a voter who cannot be asked.
 *
 * <p>What {@code /api/info} leaves out is asked for alone, as the voter, where it is known to be there: it leaves out what was
 * deleted or removed, on which the voter may have voted before. Of a thing that the voter may not see any more nobody can tell.
 */
final class VoteThings implements ThingSource {
    private final From.Thing vote;
    private final From.Thing thing;
    private final DenseThings things;
    private final Voters voters;
    private final VoterReaders readers;
    private final Lookups lookups;
    private final Flights flights;

    VoteThings(
            From.Thing vote,
            DenseThings things,
            Voters voters,
            VoterReaders readers,
            Lookups lookups,
            Flights flights) {
        this.vote = vote;
        this.thing = vote == From.Thing.POST_VOTES ? From.Thing.POSTS : From.Thing.COMMENTS;
        this.things = things;
        this.voters = voters;
        this.readers = readers;
        this.lookups = lookups;
        this.flights = flights;
    }

    /** The lookup that knows which of the things are there that the server leaves out; its answer is their post. */
    static String leftOut(From.Thing vote) {
        return vote == From.Thing.POST_VOTES ? "left_out_post" : "left_out_comment";
    }

    /** How many hundreds there are, of all voters. */
    @Override
    public long newest() {
        return voters.count() * ((things.newest() + ThingReader.AT_ONCE - 1) / ThingReader.AT_ONCE);
    }

    @Override
    public Optional<Key> lastKey(@Nullable Key from, @Nullable Key to) {
        long newest = things.newest();
        Optional<Long> voter = voters.last(to == null ? Long.MAX_VALUE : Groups.group(to));
        if (newest == 0 || voter.isEmpty()) {
            return Optional.empty();
        }
        boolean bounded = to != null && voter.get() == Groups.group(to);
        long last = bounded && to != null ? Math.min(newest, Groups.member(to)) : newest;
        boolean below = from != null
                && (voter.get() < Groups.group(from)
                        || (voter.get() == Groups.group(from) && last < Groups.member(from)));
        return below || last < 1 ? Optional.empty() : Optional.of(Groups.key(voter.get(), last));
    }

    @Override
    public void keys(@Nullable Key from, @Nullable Key after, Key upTo, long limit, Consumer<Key> consumer) {
        long[] left = {limit};
        segments(from, after, upTo, things.newest(), segment -> {
            for (long first = segment.first(); first <= segment.last() && left[0] > 0; left[0]--) {
                long end = Math.min(segment.last(), endOfHundred(first));
                consumer.accept(Groups.key(segment.voter().id(), end));
                first = end + 1;
            }
            return left[0] > 0;
        });
    }

    private record Segment(Voter voter, long first, long last) {}

    private interface Segments {
        /** False when it wants no more. */
        boolean take(Segment segment);
    }

    /** The parts of a range, by voter. */
    private void segments(@Nullable Key from, @Nullable Key after, @Nullable Key last, long newest, Segments consumer) {
        long next = Math.max(from == null ? 0 : Groups.group(from), after == null ? 0 : Groups.group(after));
        long end = last == null ? Long.MAX_VALUE : Groups.group(last);
        for (List<Voter> page = voters.page(next, end); !page.isEmpty(); page = voters.page(next, end)) {
            for (Voter voter : page) {
                long first = from != null && voter.id() == Groups.group(from) ? Math.max(1, Groups.member(from)) : 1;
                if (after != null && voter.id() == Groups.group(after)) {
                    first = Groups.isWhole(after) ? after(newest) : Math.max(first, after(Groups.member(after)));
                }
                long most = last != null && voter.id() == end ? Math.min(newest, Groups.member(last)) : newest;
                if (first <= most && !consumer.take(new Segment(voter, first, most))) {
                    return;
                }
                next = voter.id();
            }
            if (next == Long.MAX_VALUE) {
                return;
            }
            next++;
        }
    }

    private static long after(long number) {
        return Math.addExact(Math.max(0, number), 1);
    }

    private static long endOfHundred(long number) {
        return ((number - 1) / ThingReader.AT_ONCE + 1) * ThingReader.AT_ONCE;
    }

    @Override
    public void find(KeySelection selection, ThingSink sink) {
        List<Runnable> work = new ArrayList<>();
        if (selection instanceof KeySelection.Range range) {
            segments(range.from(), range.after(), range.last(), newest(range), segment -> {
                for (long start = segment.first(); start <= segment.last(); ) {
                    long first = start;
                    long end = Math.min(segment.last(), endOfHundred(first));
                    work.add(() -> read(segment.voter(), numbers(first, end), false, sink));
                    start = end + 1;
                }
                return true;
            });
        } else if (selection instanceof KeySelection.Keys keys) {
            Map<Long, List<Long>> wanted = new LinkedHashMap<>();
            keys.keys().stream()
                    .filter(key -> Groups.member(key) > 0)
                    .distinct()
                    .forEach(key -> wanted.computeIfAbsent(Groups.group(key), voter -> new ArrayList<>())
                            .add(Groups.member(key)));
            wanted.forEach((voter, numbers) -> work.addAll(listed(voter, numbers, sink)));
        }
        flights.all(work);
    }

    /** How far the votes of the voters before the last of a range go; the server is asked where nothing else tells. */
    private long newest(KeySelection.Range range) {
        Key start = range.after() == null ? range.from() : range.after();
        Key last = range.last();
        return start != null && last != null && Groups.group(start) == Groups.group(last)
                ? things.end(Groups.member(last))
                : things.newest();
    }

    private static List<Long> numbers(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    private List<Runnable> listed(long id, List<Long> numbers, ThingSink sink) {
        List<Runnable> work = new ArrayList<>();
        List<Voter> found = voters.page(id, id);
        if (found.isEmpty()) {
            numbers.forEach(number -> sink.failed(failed(
                    id, number, FailedRow.Kind.FORBIDDEN, "forbidden: voter " + id + " is none of the plan's voters")));
            return work;
        }
        Voter voter = found.get(0);
        boolean whole = numbers.remove(Long.valueOf(Long.MAX_VALUE));
        long newest = whole ? things.newest() : 0;
        for (long first = 1; first <= newest; first += ThingReader.AT_ONCE) {
            List<Long> some = numbers(first, Math.min(newest, endOfHundred(first)));
            work.add(() -> read(voter, some, false, sink));
        }
        for (int first = 0; first < numbers.size(); first += ThingReader.AT_ONCE) {
            List<Long> some = numbers.subList(first, Math.min(numbers.size(), first + ThingReader.AT_ONCE));
            work.add(() -> read(voter, some, true, sink));
        }
        return work;
    }

    /** @param each whether there is something to be said of each of these, also of what was not voted on */
    private void read(Voter voter, List<Long> numbers, boolean each, ThingSink sink) {
        try {
            ThingReader reader = readers.of(voter);
            Map<Long, ObjectNode> found = reader.info(thing, numbers);
            for (long number : numbers) {
                ObjectNode data = found.get(number);
                if (data != null) {
                    take(voter, number, data, each, sink);
                } else {
                    alone(voter, reader, number, each, sink);
                }
            }
        } catch (VoterReaders.NoTokenException e) {
            refused(voter, numbers, each, String.valueOf(e.getMessage()), sink);
        } catch (LoginRefusedException e) {
            refused(voter, numbers, each, "the token of " + VoterReaders.named(voter) + " is refused", sink);
        }
    }

    private static void refused(Voter voter, List<Long> numbers, boolean each, String why, ThingSink sink) {
        if (!each) {
            sink.failedWhole(failed(voter.id(), Long.MAX_VALUE, FailedRow.Kind.FORBIDDEN, "forbidden: " + why));
            return;
        }
        numbers.forEach(
                number -> sink.failed(failed(voter.id(), number, FailedRow.Kind.FORBIDDEN, "forbidden: " + why)));
    }

    private void alone(Voter voter, ThingReader reader, long number, boolean each, ThingSink sink) {
        OptionalLong post = postOf(number);
        Answer answer = post.isEmpty()
                ? new Answer.Absent("left out by /api/info, and unknown to the application")
                : thing == From.Thing.POSTS ? reader.post(number) : reader.thread(post.getAsLong(), number);
        if (answer instanceof Answer.Found found) {
            JsonNode data = thing == From.Thing.POSTS
                    ? found.body()
                    : ThingReader.children(found.body()).get(0).path("data");
            take(voter, number, (ObjectNode) data, each, sink);
        } else if (answer instanceof Answer.Forbidden forbidden) {
            // Asked for by itself it is not known, and must not be called gone; of all that there is it is left out.
            sink.failed(failed(
                    voter.id(),
                    number,
                    each ? FailedRow.Kind.FORBIDDEN : FailedRow.Kind.EXCLUDED,
                    each ? "forbidden: the voter may not see it: " + forbidden.reason() : "not visible to the voter"));
        } else if (each && answer instanceof Answer.Absent absent) {
            sink.failed(failed(voter.id(), number, FailedRow.Kind.ABSENT, absent.evidence()));
        }
    }

    /** The post of a thing that is worth asking for; empty where it is not there. */
    private OptionalLong postOf(long number) {
        String field = leftOut(vote);
        if (!lookups.has(field)) {
            return OptionalLong.of(number);
        }
        String post = lookups.of(field, Map.of("id", Long.toString(number)));
        return post == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(post));
    }

    private void take(Voter voter, long number, ObjectNode data, boolean each, ThingSink sink) {
        JsonNode likes = data.path("likes");
        if (likes.isBoolean()) {
            data.put("voter_id", voter.id()).put("voter", voter.username());
            sink.found(Groups.key(voter.id(), number), data);
        } else if (!likes.isNull()) {
            throw new LegacyUnavailableException("Reddit tells " + VoterReaders.named(voter) + " nothing of likes of "
                    + ThingId.name(thing, number));
        } else if (each) {
            sink.failed(failed(voter.id(), number, FailedRow.Kind.ABSENT, "no vote"));
        }
    }

    private static FailedRow failed(long voter, long number, FailedRow.Kind kind, String message) {
        return new FailedRow(Groups.key(voter, number), kind, null, message);
    }
}
