package dev.backpop.legacy.reddit.api;

import dev.backpop.legacy.LegacyHeldException;
import java.time.Duration;

/** The server knows the client, but does not take the login: of another person it may. */
public final class LoginRefusedException extends LegacyHeldException {
    private static final long serialVersionUID = 1L;

    LoginRefusedException(String message, Duration time) {
        super(message, time);
    }
}
