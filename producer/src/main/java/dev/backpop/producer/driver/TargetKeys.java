package dev.backpop.producer.driver;

import dev.backpop.postgres.PostgresPool;
import dev.backpop.row.Key;
import dev.backpop.target.TargetReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The keys of the target table, for those that lie beyond the legacy store's. */
record TargetKeys(
        PostgresPool target,
        TargetReader reader,
        @Nullable Key from,
        @Nullable Key upTo) implements KeySource {
    @Override
    public void keys(@Nullable Key after, long limit, Consumer<Key> consumer) {
        try (Connection connection = target.connection()) {
            // For a cursor; the pool ends the transaction when it gets the session back.
            connection.setAutoCommit(false);
            reader.keys(connection, from, after, upTo, limit, consumer);
        } catch (SQLException e) {
            throw target.unreachable(e);
        }
    }
}
