package dev.backpop.producer.live;

import dev.backpop.producer.live.Change.Form;
import java.sql.Connection;
import java.util.EnumSet;
import java.util.Set;

/**
 * How the application writes. Immutable.
 *
 * @param forms what it does; {@link Form#INSERT} and the like in statements of one row and of many
 * @param onlyOlder whether it writes the new table by version
 * @param isolation as {@link Connection} names them
 * @param truncates whether it also empties both tables now and then
 * @param newFirst whether it writes the new table first, in a transaction of its own
 * @param lost of how many second writes one is never made; 0 for none
 * @param lag how many milliseconds at most lie between the first transaction's end and the second's first write, which
 *     then is made in full and never taken back after a while, or how long one transaction stays open that writes both; 0
 *     for any
 */
record LivePath(
        Set<Form> forms, boolean onlyOlder, int isolation, boolean truncates, boolean newFirst, int lost, int lag) {
    /** Everything an application does. */
    static final LivePath ANY =
            new LivePath(EnumSet.allOf(Form.class), false, Connection.TRANSACTION_READ_COMMITTED, false, false, 0, 0);

    LivePath {
        forms = Set.copyOf(forms);
    }

    /** No row is ever deleted, and none written without making sure that it is there. */
    LivePath upserting() {
        return new LivePath(
                EnumSet.of(Form.INSERT, Form.COPY, Form.UPSERT), onlyOlder, isolation, truncates, newFirst, lost, lag);
    }

    LivePath byVersion() {
        return new LivePath(forms, true, isolation, truncates, newFirst, lost, lag);
    }

    LivePath repeatableRead() {
        return new LivePath(forms, onlyOlder, Connection.TRANSACTION_REPEATABLE_READ, truncates, newFirst, lost, lag);
    }

    LivePath truncating() {
        return new LivePath(forms, onlyOlder, isolation, true, newFirst, lost, lag);
    }

    LivePath newTableFirst() {
        return new LivePath(forms, onlyOlder, isolation, truncates, true, lost, lag);
    }

    LivePath losingOneOf(int secondWrites) {
        return new LivePath(forms, onlyOlder, isolation, truncates, newFirst, secondWrites, lag);
    }

    LivePath laggingBehind(int milliseconds) {
        return new LivePath(forms, onlyOlder, isolation, truncates, newFirst, lost, milliseconds);
    }

    @Override
    public String toString() {
        return (forms.contains(Form.DELETE) ? "" : ", upserts alone")
                + (isolation == Connection.TRANSACTION_REPEATABLE_READ ? ", repeatable read" : "")
                + (truncates ? ", truncating" : "")
                + (newFirst ? ", new table first" : "")
                + (lost > 0 ? ", one of " + lost + " second writes lost" : "")
                + (lag > 0 ? ", the second write up to " + lag + " ms later" : "");
    }
}
