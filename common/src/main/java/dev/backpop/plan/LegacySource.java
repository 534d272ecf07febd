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
            Lookups lookups)
            implements LegacySource {
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
}
