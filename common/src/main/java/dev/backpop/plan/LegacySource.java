package dev.backpop.plan;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the old data is. */
public sealed interface LegacySource {
    /**
     * A database behind JDBC.
     *
     * @param url {@code jdbc:postgresql://…} or {@code postgresql://…}; may hold credentials, so it is never printed whole
     */
    record Jdbc(String url, @Nullable String user, @Nullable String password) implements LegacySource {
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
