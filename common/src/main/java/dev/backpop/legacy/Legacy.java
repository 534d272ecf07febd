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

    @Override
    void close();
}
