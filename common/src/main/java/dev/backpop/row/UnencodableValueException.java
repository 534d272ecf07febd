package dev.backpop.row;

import static java.util.Objects.requireNonNull;

/** A value that is not of its column's type. The message is fit for a reject: it names the value and the type. */
public final class UnencodableValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 100;

    private final String sqlState;

    private UnencodableValueException(String sqlState, String message) {
        super(message);
        this.sqlState = requireNonNull(sqlState, "sqlState is null");
    }

    /** {@code 'abc' is not an integer}, SQLSTATE 22P02. */
    static UnencodableValueException not(String what, String text) {
        return new UnencodableValueException("22P02", quoted(text) + " is not " + what);
    }

    /** {@code 99999 is out of range for smallint}, SQLSTATE 22003. */
    static UnencodableValueException outOfRange(String type, String text) {
        return new UnencodableValueException("22003", shown(text) + " is out of range for " + type);
    }

    /** A date or time that no calendar has, or that the type does not reach; SQLSTATE 22008. */
    static UnencodableValueException time(String text, String why) {
        return new UnencodableValueException("22008", quoted(text) + " " + why);
    }

    /** Text that PostgreSQL cannot store, SQLSTATE 22021. */
    static UnencodableValueException text(String message) {
        return new UnencodableValueException("22021", message);
    }

    /** The SQLSTATE with which PostgreSQL itself would refuse the value. */
    public String sqlState() {
        return sqlState;
    }

    private static String quoted(String text) {
        return "'" + shown(text) + "'";
    }

    private static String shown(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
