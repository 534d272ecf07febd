package dev.backpop.postgres;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What an SQL error means for the work at hand, by its SQLSTATE.
 *
 * <p>Source: PostgreSQL's appendix of error codes.
 */
public enum SqlFailure {
    /** One of the rows is at fault: isolate it. */
    ROW,
    /** The same statement may succeed soon: deadlock, serialization failure, a lock timeout, a cancellation by hand. */
    TRANSIENT,
    /** The work at hand took too long or too much of the server's memory at once: do less at a time. */
    TOO_LARGE,
    /** The database does not serve, or not writes, for now: wait for it and burn no attempt. */
    UNAVAILABLE,
    /** It will fail every time until somebody changes something: a missing column, no privilege. */
    PERMANENT;

    private static final String CLASSES_OF_APPLICATIONS = "6789IJKLMNOPQRSTUVWXYZ";

    public static SqlFailure of(SQLException failure) {
        String state = root(failure).getSQLState();
        if (state == null || state.length() != 5) {
            return TRANSIENT;
        }
        if (state.equals("40001") || state.equals("40P01") || state.equals("55P03")) {
            return TRANSIENT;
        }
        if (state.equals("57014")) {
            // Told by hand in another language than English it is taken for a timeout, which costs no more than a
            // split.
            return message(failure).contains("user request") ? TRANSIENT : TOO_LARGE;
        }
        if (state.equals("53200")) {
            return ofSharedMemory(failure) ? UNAVAILABLE : TOO_LARGE;
        }
        // A transaction that had to wait too long for its next rows, or that as a whole took too long.
        if (state.equals("25P03") || state.equals("25P04")) {
            return TOO_LARGE;
        }
        return switch (state.substring(0, 2)) {
            // 54 is a limit that a value exceeds: too long for its index, nested too deep.
            case "20", "22", "23", "44", "54", "P0" -> ROW;
            // 28 and 3D because a password or a database that is being changed comes back, and no chunk is at fault.
            case "08", "28", "3D", "53", "57", "58" -> UNAVAILABLE;
            // 25006 is a server that has become read-only: a failover in progress, or a full disk's safeguard.
            case "25" -> state.equals("25006") ? UNAVAILABLE : TRANSIENT;
            case "40", "55" -> TRANSIENT;
            // The SQL standard leaves these classes to applications: a trigger's or a function's own RAISE.
            default ->
                CLASSES_OF_APPLICATIONS.indexOf(state.charAt(0)) >= 0 && !state.startsWith("XX") ? ROW : PERMANENT;
        };
    }

    /**
     * True when the transaction only lost against another that went on, as by a deadlock or a serialization failure: it was
     * undone as a whole, and done again it mostly succeeds.
     */
    public static boolean lostToAnother(SQLException failure) {
        String state = root(failure).getSQLState();
        return "40001".equals(state) || "40P01".equals(state);
    }

    /** The table of locks is full, which whoever fills it must end; its hint names a setting in every language. */
    private static boolean ofSharedMemory(SQLException failure) {
        ServerErrorMessage server = serverMessage(failure);
        String hint = server == null ? null : server.getHint();
        return hint != null && hint.contains("locks_per_transaction");
    }

    /** SQL that is true where {@link #of} an error with this state is {@link #ROW}. */
    public static String rowCondition(String state) {
        return "(left(" + state + ", 2) IN ('20', '22', '23', '44', '54', 'P0') OR position(left(" + state + ", 1) IN '"
                + CLASSES_OF_APPLICATIONS + "') > 0 AND left(" + state + ", 2) <> 'XX')";
    }

    /** The database's own exception behind those of the pool and of jdbi. */
    public static SQLException root(SQLException failure) {
        SQLException found = failure;
        Throwable cause = failure;
        while (cause != null) {
            if (cause instanceof PSQLException sqlException) {
                found = sqlException;
            }
            cause = cause.getCause();
        }
        return found;
    }

    /** The server's own words without its position markers, in one line. */
    public static String message(SQLException failure) {
        ServerErrorMessage server = serverMessage(failure);
        String primary = server == null ? null : server.getMessage();
        String text = primary == null ? String.valueOf(root(failure).getMessage()) : primary;
        return message(text, server == null ? null : server.getDetail());
    }

    /** A server's message with its detail, in one line. */
    public static String message(String text, @Nullable String detail) {
        return (detail == null ? text : text + " (" + detail + ")")
                .replace('\n', ' ')
                .replace('\r', ' ');
    }

    public static @Nullable String constraint(SQLException failure) {
        ServerErrorMessage server = serverMessage(failure);
        return server == null ? null : server.getConstraint();
    }

    public static @Nullable String column(SQLException failure) {
        ServerErrorMessage server = serverMessage(failure);
        return server == null ? null : server.getColumn();
    }

    private static @Nullable ServerErrorMessage serverMessage(SQLException failure) {
        return root(failure) instanceof PSQLException exception ? exception.getServerErrorMessage() : null;
    }
}
