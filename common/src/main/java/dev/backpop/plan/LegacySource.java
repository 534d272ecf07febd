package dev.backpop.plan;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the old data is. */
public sealed interface LegacySource {
    /**
     * A database behind JDBC.
     *
     * @param url {@code jdbc:postgresql://…} or {@code postgresql://…}; may hold credentials, so it is never printed whole
     * @param statementTimeout how long it may work on one statement; null for the default, a minute
     */
    record Jdbc(
            String url,
            @Nullable String user,
            @Nullable String password,
            @Nullable Duration statementTimeout) implements LegacySource {
        public Jdbc(String url, @Nullable String user, @Nullable String password) {
            this(url, user, password, null);
        }

        @Override
        public String toString() {
            return "Jdbc[…]";
        }
    }

    /**
     * Files in one directory.
     *
     * @param directory absolute
     */
    record Files(Path directory) implements LegacySource {}

    /**
     * A Reddit server.
     *
     * @param url where its API is, without a path, such as {@code https://oauth.reddit.com}
     * @param tokenUrl where tokens are given out, whole
     * @param userAgent what every request says of who asks; Reddit limits clients that do not say it
     * @param requests how many requests the whole client may make in each {@code per}, whatever the server would allow
     * @param inFlight how many requests of one process may wait for their answers at the same time
     * @param timeout how long one answer may take
     * @param moderates that the account moderates every channel is taken for granted, and not asked for
     * @param voters who is asked for own votes; {@link Voters#NONE} where none are moved
     */
    record Reddit(
            URI url,
            URI tokenUrl,
            String userAgent,
            RedditLogin login,
            int requests,
            Duration per,
            int inFlight,
            Duration timeout,
            boolean moderates,
            Lookups lookups,
            Voters voters)
            implements LegacySource {
        /** One of which no votes are moved. */
        public Reddit(
                URI url,
                URI tokenUrl,
                String userAgent,
                RedditLogin login,
                int requests,
                Duration per,
                int inFlight,
                Duration timeout,
                boolean moderates,
                Lookups lookups) {
            this(url, tokenUrl, userAgent, login, requests, per, inFlight, timeout, moderates, lookups, Voters.NONE);
        }

        @Override
        public String toString() {
            return "Reddit[" + url + "]";
        }
    }

    /**
     * Where names that Reddit gives are looked up: people, channels, articles.
     *
     * @param source the PostgreSQL database that is asked; null when nothing is looked up
     * @param queries by the field that gets the answer, an SQL query of one column; its parameters are other fields, written
     *     {@code :field}
     */
    record Lookups(@Nullable Jdbc source, Map<String, String> queries) {
        public static final Lookups NONE = new Lookups(null, Map.of());

        public Lookups {
            queries = Map.copyOf(queries);
        }
    }

    /**
     * The people whose votes are read, each with a token of their own: a Reddit server tells everybody only their own.
     *
     * @param source the PostgreSQL database that knows them; null when no votes are read
     * @param query SQL that gives {@code id}, {@code username} and {@code refresh_token} of each
     * @param accessKey with which Open Discussions' plugin of the server gives out a token of anybody, in place of refresh
     *     tokens; null where these are used
     */
    record Voters(
            @Nullable Jdbc source, String query, @Nullable String accessKey) {
        public static final Voters NONE = new Voters(null, "", null);

        @Override
        public String toString() {
            return "Voters[…]";
        }
    }
}
