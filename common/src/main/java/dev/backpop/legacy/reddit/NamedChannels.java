package dev.backpop.legacy.reddit;

import dev.backpop.legacy.reddit.api.Answer;
import dev.backpop.plan.From;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Channels by their names. {@code /api/info} leaves out channels that are there, and only by its name does a channel have a page
 * that says which it is: so whoever knows names of channels can tell what was left out. Thread-safe.
 *
 * <p>Each name is asked for once, when the first channel is left out, but for those that were found by number before.
 */
final class NamedChannels {
    static final String LEFT_OUT = "left out by /api/info, among others and alone";

    private static final int MOST_SHOWN = 3;
    /** Others cannot be channels, and would be other pages of the server. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    private final ThingReader reader;
    private final Supplier<List<String>> known;
    private final Map<Long, String> names = new HashMap<>();
    private final Set<String> answered = new HashSet<>();
    private final Set<String> forbidden = new TreeSet<>();
    private @Nullable Set<String> wanted;

    /** @param known tells the names that somebody knows; asked once */
    NamedChannels(ThingReader reader, Supplier<List<String>> known) {
        this.reader = reader;
        this.known = known;
    }

    /** Notes a channel that the server gave by its number, so that nobody need ask for its name. */
    synchronized void found(long id, ObjectNode data) {
        String name = data.path("display_name").asString("");
        if (wanted().contains(name)) {
            names.put(id, name);
            answered.add(folded(name));
        }
    }

    /** What there is to be known of a channel that the server leaves out when it is asked for by number. */
    synchronized Answer leftOut(long id) {
        askByName();
        String name = names.get(id);
        if (name != null) {
            Answer answer = reader.channel(name);
            if (!(answer instanceof Answer.Found found)
                    || ThingReader.number(From.Thing.CHANNELS, found.body()) == id) {
                return answer;
            }
            return new Answer.Absent(LEFT_OUT + "; the name that it had is another channel's");
        }
        if (!forbidden.isEmpty()) {
            // Whoever is not let in is not told the number either.
            return new Answer.Forbidden(LEFT_OUT + "; it may be one of " + forbidden.size()
                    + " channels that this account may not see: "
                    + String.join(", ", forbidden.stream().limit(MOST_SHOWN).toList()));
        }
        return new Answer.Absent(
                wanted().isEmpty()
                        ? LEFT_OUT + "; no lookup channel_names tells of names to ask for"
                        : LEFT_OUT + ", and no channel of a known name has this id");
    }

    private void askByName() {
        for (String name : wanted()) {
            if (answered.contains(folded(name))) {
                continue;
            }
            Answer answer = reader.channel(name);
            if (answer instanceof Answer.Found found) {
                names.put(ThingReader.number(From.Thing.CHANNELS, found.body()), name);
            } else if (answer instanceof Answer.Forbidden) {
                forbidden.add(name);
            }
            answered.add(folded(name));
        }
    }

    private Set<String> wanted() {
        Set<String> loaded = wanted;
        if (loaded == null) {
            loaded = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
            known.get().stream().filter(name -> NAME.matcher(name).matches()).forEach(loaded::add);
            wanted = loaded;
        }
        return loaded;
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
