package dev.backpop.ledger;

/** Planning stands elsewhere than its caller believes: another driver was there, or an answer of ours was lost. */
public final class PlannedElsewhereException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    PlannedElsewhereException(String message) {
        super(message);
    }
}
