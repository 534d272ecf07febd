package dev.backpop.legacy.reddit;

import static java.util.Objects.requireNonNull;

import dev.backpop.legacy.FailedRow;

/** Why a thing becomes no row. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final FailedRow.Kind kind;

    Refusal(FailedRow.Kind kind, String reason) {
        super(requireNonNull(reason, "reason is null"));
        this.kind = requireNonNull(kind, "kind is null");
    }

    FailedRow.Kind kind() {
        return kind;
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    static Refusal failed(String reason) {
        return new Refusal(FailedRow.Kind.FAILED, reason);
    }

    static Refusal excluded(String reason) {
        return new Refusal(FailedRow.Kind.EXCLUDED, reason);
    }
}
