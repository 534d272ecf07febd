package dev.backpop.legacy.reddit;

import dev.backpop.legacy.FailedRow;
import dev.backpop.legacy.reddit.api.Answer;
import dev.backpop.plan.From;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Moderators or contributors: the people on a list of each channel. Walks the numbers of channels, and reads the whole list of
 * each. A key whose person is the greatest of all numbers stands for a channel's list. A channel that is not there has none.
 */
final class RoleThings implements ThingSource {
    private final From.Thing role;
    private final DenseThings channels;
    private final Groups groups;
    private final ThingReader reader;
    private final Flights flights;

    RoleThings(From.Thing role, DenseThings channels, ThingReader reader, Flights flights) {
        this.role = role;
        this.channels = channels;
        this.groups = new Groups(channels);
        this.reader = reader;
        this.flights = flights;
    }

    @Override
    public long newest() {
        return channels.newest();
    }

    @Override
    public Optional<Key> lastKey(@Nullable Key from, @Nullable Key to) {
        return groups.lastKey(from, to);
    }

    @Override
    public void keys(@Nullable Key from, @Nullable Key after, Key upTo, long limit, Consumer<Key> consumer) {
        groups.keys(from, after, upTo, limit, consumer);
    }

    @Override
    public void find(KeySelection selection, ThingSink sink) {
        Map<Long, Set<Key>> wanted = new LinkedHashMap<>();
        if (selection instanceof KeySelection.Range range) {
            groups.in(range).forEach(channel -> wanted.put(channel, Set.of(Groups.whole(channel))));
        } else if (selection instanceof KeySelection.Keys keys) {
            keys.keys().stream()
                    .filter(key -> Groups.group(key) > 0)
                    .forEach(key -> wanted.computeIfAbsent(Groups.group(key), channel -> new HashSet<>())
                            .add(key));
        }
        Map<Long, String> names = new ConcurrentHashMap<>();
        List<Long> numbers = new ArrayList<>(wanted.keySet());
        List<Runnable> naming = new ArrayList<>();
        for (int from = 0; from < numbers.size(); from += ThingReader.AT_ONCE) {
            List<Long> some = numbers.subList(from, Math.min(numbers.size(), from + ThingReader.AT_ONCE));
            naming.add(() -> name(some, names));
        }
        flights.all(naming);
        // What the server leaves out among many it may name alone.
        flights.all(numbers.stream()
                .filter(channel -> !names.containsKey(channel))
                .<Runnable>map(channel -> () -> name(List.of(channel), names))
                .toList());
        flights.all(wanted.entrySet().stream()
                .<Runnable>map(entry -> () -> list(entry.getKey(), names.get(entry.getKey()), entry.getValue(), sink))
                .toList());
    }

    private void name(List<Long> some, Map<Long, String> names) {
        reader.info(From.Thing.CHANNELS, some)
                .forEach((number, data) ->
                        names.put(number, data.path("display_name").asString("")));
    }

    /** @param name null for a channel that is not there */
    private void list(long channel, @Nullable String name, Set<Key> wanted, ThingSink sink) {
        String what = "the " + role.word() + " of channel " + (name == null ? Long.toString(channel) : name);
        Answer answer = name == null || name.isEmpty()
                ? new Answer.Absent("left out by /api/info, among others and alone")
                : reader.people("/r/" + name + "/about/" + role.word());
        if (answer instanceof Answer.Forbidden forbidden) {
            wanted.forEach(key -> sink.failed(
                    failed(key, FailedRow.Kind.FORBIDDEN, "forbidden: " + what + ": " + forbidden.reason())));
            return;
        }
        Set<Key> left = new HashSet<>(wanted);
        if (answer instanceof Answer.Found found) {
            for (JsonNode person : found.body()) {
                found(channel, String.valueOf(name), person, what, left, sink);
            }
        }
        String evidence = answer instanceof Answer.Absent absent ? absent.evidence() : "not among " + what;
        left.stream()
                .filter(key -> !Groups.isWhole(key))
                .forEach(key -> sink.failed(failed(key, FailedRow.Kind.ABSENT, evidence)));
    }

    private void found(long channel, String name, JsonNode person, String what, Set<Key> left, ThingSink sink) {
        try {
            Key key = Groups.key(channel, ThingId.number(role, person.path("id").asString("")));
            left.remove(key);
            ObjectNode data = ((ObjectNode) person).deepCopy();
            sink.found(key, data.put("channel_id", channel).put("channel", name));
        } catch (IllegalArgumentException e) {
            // The whole list, because nobody knows whom it would be.
            sink.failed(failed(
                    Groups.whole(channel),
                    FailedRow.Kind.FAILED,
                    "cannot be read whole: " + what + ": " + e.getMessage()));
        }
    }

    private static FailedRow failed(Key key, FailedRow.Kind kind, String message) {
        return new FailedRow(key, kind, null, message);
    }
}
