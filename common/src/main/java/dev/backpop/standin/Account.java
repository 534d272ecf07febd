package dev.backpop.standin;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who may log in. None of it is a secret of anybody.
 *
 * @param oneTimeCode must follow the password after a colon; null where the account has no second factor
 * @param userKey with which the server's plugin gives out tokens of any user, in the header {@code X-Access-Token}
 * @param tokenLife how long an access token is good for
 * @param replacesRefreshTokens true to give out a new refresh token with every access token, after which the old one is void
 */
public record Account(
        String clientId,
        String clientSecret,
        String username,
        String password,
        @Nullable String oneTimeCode,
        String refreshToken,
        String userKey,
        Duration tokenLife,
        boolean replacesRefreshTokens) {
    public Account {
        if (tokenLife.isNegative() || tokenLife.isZero()) {
            throw new IllegalArgumentException("tokenLife is " + tokenLife + "; it must be longer than nothing");
        }
    }

    /**
     * Client {@code stand-in} with secret {@code stand-in-secret}, user {@code mover} with password {@code mover-password} and
     * refresh token {@code stand-in-refresh}; tokens of an hour.
     */
    public static Account standard() {
        return new Account(
                "stand-in",
                "stand-in-secret",
                "mover",
                "mover-password",
                null,
                "stand-in-refresh",
                "stand-in-key",
                Duration.ofHours(1),
                false);
    }

    public Account withOneTimeCode(String code) {
        return new Account(
                clientId,
                clientSecret,
                username,
                password,
                code,
                refreshToken,
                userKey,
                tokenLife,
                replacesRefreshTokens);
    }

    public Account withTokenLife(Duration life) {
        return new Account(
                clientId,
                clientSecret,
                username,
                password,
                oneTimeCode,
                refreshToken,
                userKey,
                life,
                replacesRefreshTokens);
    }

    public Account withReplacedRefreshTokens() {
        return new Account(
                clientId, clientSecret, username, password, oneTimeCode, refreshToken, userKey, tokenLife, true);
    }
}
