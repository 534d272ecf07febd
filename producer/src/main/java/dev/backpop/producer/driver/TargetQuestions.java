package dev.backpop.producer.driver;

import dev.backpop.postgres.PostgresPool;
import dev.backpop.postgres.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;

/** Asks the target about all of a table at once, for as long as the plan lets a statement take. Thread-safe. */
final class TargetQuestions {
    private static final String NO_RIGHT = "42501";

    private final PostgresPool target;

    /** @param target with the plan's time for statements */
    TargetQuestions(PostgresPool target) {
        this.target = target;
    }

    /** What is asked, in a transaction that is rolled back. */
    interface Question<T> {
        T ask(Connection transaction) throws SQLException;
    }

    /**
     * Asks once.
     *
     * @throws UntoldException when the question takes too long, or this user may not ask it
     * @throws dev.backpop.problem.StoreUnreachableException when the target does not serve for now
     */
    <T> T ask(Question<T> question) throws UntoldException {
        try (Connection connection = target.connection()) {
            connection.setAutoCommit(false);
            target.limit(connection);
            return question.ask(connection);
        } catch (SQLException e) {
            SqlFailure failure = SqlFailure.of(e);
            if (failure == SqlFailure.TRANSIENT || failure == SqlFailure.UNAVAILABLE) {
                throw target.unreachable(e);
            }
            String next = switch (failure) {
                case TOO_LARGE -> ": give it more time with target.statement_timeout in the plan";
                default ->
                    NO_RIGHT.equals(SqlFailure.root(e).getSQLState())
                            ? ": GRANT SELECT on it to the target's user"
                            : "";
            };
            throw new UntoldException("the target says: " + SqlFailure.message(e) + next, e);
        }
    }
}
