package dev.backpop.plan;

import org.jspecify.annotations.Nullable;

/** How a client of Reddit gets its tokens. Its texts never show what is secret. */
public sealed interface RedditLogin {
    String clientId();

    String clientSecret();

    /** A refresh token that somebody was given for this client; the server may replace it. */
    record RefreshToken(String clientId, String clientSecret, String refreshToken) implements RedditLogin {
        @Override
        public String toString() {
            return "RefreshToken[…]";
        }
    }

    /**
     * A person's own name and password.
     *
     * @param oneTimeCode where the account has two factors; null where it has not
     */
    record Password(
            String clientId,
            String clientSecret,
            String username,
            String password,
            @Nullable String oneTimeCode) implements RedditLogin {
        @Override
        public String toString() {
            return "Password[…]";
        }
    }

    /** The client by itself, as nobody. */
    record Application(String clientId, String clientSecret) implements RedditLogin {
        @Override
        public String toString() {
            return "Application[…]";
        }
    }

    /**
     * Anybody of whom the server's plugin gives out tokens; only Open Discussions' own servers have it.
     *
     * @param accessKey what the plugin asks for
     */
    record OfUser(String clientId, String clientSecret, String username, String accessKey) implements RedditLogin {
        @Override
        public String toString() {
            return "OfUser[…]";
        }
    }
}
