package dev.backpop.legacy;

import dev.backpop.plan.Entity;
import dev.backpop.row.RowShape;

/** A legacy store, opened. Thread-safe; close it to give its connections back. */
public interface Legacy extends AutoCloseable {
    /**
     * Opens one entity of a plan for reading.
     *
     * @param shape the target's columns, which rows are to be encoded as
     * @throws dev.backpop.problem.InvalidInputException when the entity does not fit the store (no such table or column)
     * @throws LegacyUnavailableException when the store cannot be reached
     */
    LegacyEntity entity(Entity entity, RowShape shape);

    /**
     * Whether rows can be encoded in the binary format of this PostgreSQL type; columns of other types travel as text and
     * are cast by the target.
     */
    boolean encodes(int oid);

    /**
     * Reaches the store once.
     *
     * @throws dev.backpop.problem.StoreUnreachableException saying which store, why, and what to do
     * @throws LegacyHeldException when it may not be asked for now, saying until when
     */
    void check();

    @Override
    void close();
}
