package dev.backpop.producer.driver;

import dev.backpop.postgres.PostgresPool;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.target.ColumnSequence;
import dev.backpop.target.ColumnSequence.Standing;
import dev.backpop.target.SequenceCatalogue;
import dev.backpop.target.TargetTable;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the sequences of target tables beyond the keys that were moved: those that a verification looks at, by the same
 * rule. No sequence ever goes back. Thread-safe.
 */
public final class SequenceAdvance {
    /** How far, where nobody says: room for what a busy application creates while it changes over. */
    public static final long DEFAULT_MARGIN = 10_000;

    /** Held while a sequence is looked at and set, so that of two runs the one with the smaller margin takes nothing back. */
    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtext('backpop sequences'))";

    private static final String NO_RIGHT = "42501";

    private final PostgresPool target;

    public SequenceAdvance(PostgresPool target) {
        this.target = target;
    }

    /** Where a sequence stands. Its words are those of documents. */
    public enum State {
        /** Beyond the column's values by more than the margin. */
        AHEAD,
        /** Not so, and to be advanced. */
        BEHIND,
        /** It was behind, and has been advanced. */
        ADVANCED,
        /** It cannot go as far: its own bound is in the way. */
        BOUNDED
    }

    /**
     * One sequence.
     *
     * @param furthest the column's greatest value, its least where the sequence counts down; null when it has none
     * @param next what the sequence gives next, after what was done
     * @param statement the SQL that advances it, or did; null where it is ahead
     */
    public record Found(
            String column,
            String sequence,
            @Nullable BigInteger furthest,
            BigInteger next,
            long margin,
            State state,
            @Nullable String statement) {}

    /**
     * Looks at every sequence of a table, and advances those that are behind if told to.
     *
     * @param margin zero or more
     * @throws InvalidInputException when this user may not read or set one, saying which right is missing
     * @throws dev.backpop.problem.StoreUnreachableException when the target does not serve
     */
    public List<Found> look(TargetTable table, long margin, boolean apply) {
        try (Connection connection = target.connection()) {
            connection.setAutoCommit(false);
            List<Found> found = new ArrayList<>();
            for (ColumnSequence sequence : SequenceCatalogue.sequences(connection, table)) {
                found.add(look(connection, sequence, margin, apply));
            }
            connection.commit();
            return found;
        } catch (SQLException e) {
            SqlFailure failure = SqlFailure.of(e);
            if (failure == SqlFailure.TRANSIENT || failure == SqlFailure.UNAVAILABLE) {
                throw target.unreachable(e);
            }
            String next = NO_RIGHT.equals(SqlFailure.root(e).getSQLState())
                    ? ": GRANT SELECT, UPDATE on the sequence, and SELECT on the table, to the target's user"
                    : "";
            throw new InvalidInputException("the sequences of " + table.name() + " cannot be "
                    + (apply ? "advanced" : "read") + ": the target says: " + SqlFailure.message(e) + next);
        }
    }

    private static Found look(Connection connection, ColumnSequence sequence, long margin, boolean apply)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(LOCK);
        }
        Standing standing = sequence.standing(connection);
        if (sequence.isAhead(standing, margin)) {
            boolean exhausted = sequence.isExhausted(standing);
            return found(
                    sequence,
                    standing,
                    margin,
                    exhausted ? State.BOUNDED : State.AHEAD,
                    exhausted ? unbound(sequence) : null);
        }
        if (!sequence.reaches(standing, margin)) {
            return found(sequence, standing, margin, State.BOUNDED, unbound(sequence));
        }
        String mend = sequence.mend(margin);
        if (!apply) {
            return found(sequence, standing, margin, State.BEHIND, mend);
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(mend);
        }
        return found(sequence, sequence.standing(connection), margin, State.ADVANCED, mend);
    }

    private static String unbound(ColumnSequence sequence) {
        return "ALTER SEQUENCE " + sequence.sequence() + (sequence.increment() > 0 ? " NO MAXVALUE" : " NO MINVALUE");
    }

    private static Found found(
            ColumnSequence sequence, Standing standing, long margin, State state, @Nullable String statement) {
        return new Found(
                sequence.column(), sequence.sequence(), standing.furthest(), standing.next(), margin, state, statement);
    }
}
