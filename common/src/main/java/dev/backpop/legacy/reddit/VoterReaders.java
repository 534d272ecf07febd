package dev.backpop.legacy.reddit;

import dev.backpop.legacy.reddit.api.LoginRefusedException;
import dev.backpop.legacy.reddit.api.RedditApi;
import dev.backpop.plan.LegacySource;
import dev.backpop.plan.RedditLogin;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server as each voter. Before anything else it is made sure that a token is the voter's own: with another's, votes would
 * be read as if they were this voter's, and nothing later would tell. Thread-safe.
 */
final class VoterReaders {
    private static final int MOST_KEPT = 1_000;

    private final RedditApi api;
    private final LegacySource.Reddit source;
    private final Map<Voter, ThingReader> kept = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Voter, ThingReader> eldest) {
            return size() > MOST_KEPT;
        }
    };

    VoterReaders(RedditApi api, LegacySource.Reddit source) {
        this.api = api;
        this.source = source;
    }

    /** Why nobody can be asked as this voter. */
    static final class NoTokenException extends Exception {
        private static final long serialVersionUID = 1L;

        NoTokenException(String message) {
            super(message);
        }
    }

    /**
     * Asks as the voter.
     *
     * @throws NoTokenException when there is no token, or it is refused, or somebody else's
     */
    ThingReader of(Voter voter) throws NoTokenException {
        synchronized (kept) {
            ThingReader known = kept.get(voter);
            if (known != null) {
                return known;
            }
        }
        ThingReader reader = new ThingReader(api.as(login(voter)));
        try {
            String name = reader.me();
            if (!name.equalsIgnoreCase(voter.username())) {
                throw new NoTokenException(
                        name.isEmpty()
                                ? "the server does not tell whose the token of " + named(voter) + " is"
                                : "the token of " + named(voter) + " is one of " + name);
            }
        } catch (LoginRefusedException e) {
            throw new NoTokenException("the token of " + named(voter) + " is refused");
        }
        synchronized (kept) {
            kept.put(voter, reader);
        }
        return reader;
    }

    private RedditLogin login(Voter voter) throws NoTokenException {
        String clientId = source.login().clientId();
        String secret = source.login().clientSecret();
        @Nullable String key = source.voters().accessKey();
        if (key != null) {
            return new RedditLogin.OfUser(clientId, secret, voter.username(), key);
        }
        String token = voter.refreshToken();
        if (token == null || token.isEmpty()) {
            throw new NoTokenException(
                    "there is no token of " + named(voter) + ", and no access_key of legacy.reddit.voters to get one");
        }
        return new RedditLogin.RefreshToken(clientId, secret, token);
    }

    static String named(Voter voter) {
        return "voter " + voter.id() + " (" + voter.username() + ")";
    }
}
