package dev.backpop.plan;

import java.nio.file.Path;
import java.time.Duration;
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
}
