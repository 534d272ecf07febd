package dev.backpop.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where an entity comes from in its legacy store. */
public sealed interface From {
    /** The key columns or expressions, in key order; never empty. */
    List<String> key();

    /**
     * A table of a database.
     *
     * @param table {@code name} or {@code schema.name}; parts may be double-quoted
     * @param where an SQL condition that narrows the entity; null for all rows
     */
    record Table(String table, List<String> key, @Nullable String where) implements From {
        public Table {
            key = List.copyOf(key);
        }
    }

    /** The result of an SQL query. */
    record Query(String query, List<String> key) implements From {
        public Query {
            key = List.copyOf(key);
        }
    }

    /**
     * A file of records.
     *
     * @param file relative to the legacy source's directory
     * @param fields the type of each field that is not text: a PostgreSQL type, or {@code epoch_seconds}; a field's name
     *     may be a dotted path into nested JSON. The words are checked where the file is read, not here
     */
    record Records(String file, Format format, boolean gzip, List<String> key, Map<String, String> fields)
            implements From {
        public Records {
            key = List.copyOf(key);
            fields = Map.copyOf(fields);
        }
    }

    /** How records are written in a file. */
    enum Format {
        NDJSON,
        CSV
    }

    /** Things of one kind that a Reddit server has. */
    record Things(Thing thing) implements From {
        @Override
        public List<String> key() {
            return thing.key();
        }
    }

    /** The kinds of Reddit's things that can be moved; their keys are fields that the store derives from their ids. */
    @SuppressWarnings("ImmutableEnumChecker") // The lists are made by List.of.
    enum Thing {
        CHANNELS("t5", "id"),
        POSTS("t3", "id"),
        /** By post, because a comment can only be found for certain in the tree of its post. */
        COMMENTS("t1", "post_id", "id"),
        /** People, by the channel on whose list they are. */
        MODERATORS("t2", "channel_id", "id"),
        CONTRIBUTORS("t2", "channel_id", "id"),
        /** By voter, because only each voter is told of own votes. */
        POST_VOTES("t3", "voter_id", "post_id"),
        COMMENT_VOTES("t1", "voter_id", "comment_id");

        private final String kind;
        private final List<String> key;

        Thing(String kind, String... key) {
            this.kind = kind;
            this.key = List.of(key);
        }

        /** Whether these are people with a role in a channel. */
        public boolean isRole() {
            return this == MODERATORS || this == CONTRIBUTORS;
        }

        /** Whether these are what people think of posts or comments. */
        public boolean isVote() {
            return this == POST_VOTES || this == COMMENT_VOTES;
        }

        /** What Reddit calls the kind, such as {@code t3}. */
        public String kind() {
            return kind;
        }

        public List<String> key() {
            return key;
        }

        /** How many keys one request brings at most: {@code /api/info} takes a hundred, and whoever belongs to a group is asked alone. */
        public int keysAtOnce() {
            return key.size() == 1 ? 100 : 1;
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static List<String> words() {
            return Arrays.stream(values()).map(Thing::word).toList();
        }

        /** @throws IllegalArgumentException when there is no such kind */
        static Thing ofWord(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
