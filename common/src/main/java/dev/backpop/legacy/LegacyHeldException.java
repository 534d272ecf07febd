package dev.backpop.legacy;

import java.time.Duration;

/** The legacy store may not be asked for now, and it is known for how long: hold until then, burn no attempt. */
public class LegacyHeldException extends LegacyUnavailableException {
    private static final long serialVersionUID = 1L;

    private final Duration time;

    /**
     * @param message which store, why and until when; never holds a secret
     * @param time how long from now
     */
    public LegacyHeldException(String message, Duration time) {
        super(message);
        this.time = time;
    }

    /** How long from when it was thrown it makes no sense to try again. */
    public Duration time() {
        return time;
    }
}
