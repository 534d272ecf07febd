package dev.backpop.legacy;

import dev.backpop.postgres.SelectionSql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * An entity of a PostgreSQL legacy store, to be asked directly: its sessions, and the SQL of its rows as they should arrive,
 * by the same independent reading of the mapping as {@link LegacyEntity#expect}. Thread-safe.
 */
public interface ExpectedSql {
    /** A read-only session that commits every statement; close it to give it back. */
    Connection connection() throws SQLException;

    /** The statements; the fields of their rows are the columns of the entity's shape, in its order. */
    SelectionSql sql();

    /**
     * What to throw for a failure of one of these sessions: a {@link LegacyUnavailableException} where the store does not
     * serve.
     */
    RuntimeException failure(SQLException failure);
}
