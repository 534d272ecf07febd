package dev.backpop.legacy.reddit.api;

import dev.backpop.legacy.Allowance;
import dev.backpop.legacy.LegacyHeldException;
import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.legacy.Permit;
import dev.backpop.legacy.RequestResult;
import dev.backpop.legacy.SharedTokens;
import dev.backpop.plan.LegacySource;
import dev.backpop.plan.RedditLogin;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The access token of a client: asked for when there is none, once for all threads of all processes that share tokens.
 * Thread-safe.
 */
final class Login {
    /** So long one that was found is used before looking whether another has taken its place. */
    private static final long FRESH = TimeUnit.SECONDS.toNanos(10);

    /** Nobody is refused more often than once in this time: accounts are locked for less. */
    private static final Duration AFTER_REFUSAL = Duration.ofMinutes(1);

    private static final Duration MARGIN = Duration.ofMinutes(1);
    private static final Duration UNKNOWN = Duration.ofMinutes(10);
    private static final long SHORT_WAIT_MILLIS = 50;
    private static final int TRIES = 3;
    private static final int UNAUTHORIZED = 401;
    private static final JsonNode UNKNOWN_CLIENT =
            JsonNodeFactory.instance.objectNode().put("error", "401, as for a wrong client_id or client_secret");
    /** What only a refresh token can be to blame for, or a password. */
    private static final String NO_GRANT = " with invalid_grant: ";

    private final LegacySource.Reddit source;
    private final RedditLogin login;
    private final Exchange exchange;
    private final Allowance allowance;
    private final SharedTokens tokens;
    private final Pauses pauses;
    private final LongSupplier nanoTime;
    private final Seal seal;
    private final String where;
    private @Nullable AccessToken known;
    private long knownAt;

    Login(
            LegacySource.Reddit source,
            RedditLogin login,
            Exchange exchange,
            Allowance allowance,
            SharedTokens tokens,
            Pauses pauses,
            LongSupplier nanoTime) {
        this.source = source;
        this.login = login;
        this.exchange = exchange;
        this.allowance = allowance;
        this.tokens = tokens;
        this.pauses = pauses;
        this.nanoTime = nanoTime;
        this.seal = new Seal(login);
        this.where = "Reddit at " + source.tokenUrl().getAuthority();
    }

    /** The same for all processes with this login; tells nothing of it. */
    String name() {
        return seal.name();
    }

    /**
     * A token that is good as far as anyone knows.
     *
     * @throws LegacyUnavailableException when none can be had
     */
    synchronized AccessToken token() {
        AccessToken last = known;
        if (last != null && nanoTime.getAsLong() - knownAt < FRESH) {
            return last;
        }
        AccessToken found = find().orElseGet(this::renewed);
        known = found;
        knownAt = nanoTime.getAsLong();
        return found;
    }

    /** The server does not take this one (any more): the next is another. */
    synchronized void refused(AccessToken token) {
        tokens.forget(access(), token.sealed());
        AccessToken last = known;
        if (last != null && last.text().equals(token.text())) {
            known = null;
        }
    }

    private Optional<AccessToken> find() {
        return tokens.find(access()).flatMap(left -> seal.open(left).map(text -> new AccessToken(text, left)));
    }

    private AccessToken renewed() {
        Duration longest = source.timeout().plus(Exchange.MARGIN).multipliedBy(TRIES);
        long end = nanoTime.getAsLong() + longest.toNanos();
        while (!tokens.begin(access(), longest)) {
            if (nanoTime.getAsLong() - end > 0) {
                throw new LegacyUnavailableException(
                        where + " has given no token to another process, which is still asking for it");
            }
            pause();
            Optional<AccessToken> found = find();
            if (found.isPresent()) {
                return found.get();
            }
        }
        try {
            // Somebody may have had it in between.
            return find().orElseGet(this::ask);
        } finally {
            tokens.end(access());
        }
    }

    private AccessToken ask() {
        Optional<String> refusal = tokens.find(refusals());
        if (refusal.isPresent()) {
            throw held(refusal.get());
        }
        String planned = login instanceof RedditLogin.RefreshToken token ? token.refreshToken() : "";
        Optional<String> kept = tokens.find(refreshing());
        String given = kept.flatMap(seal::open).orElse(planned);
        JsonNode answer = answer(given);
        if (refusal(answer) != null && kept.isPresent() && !given.equals(planned)) {
            // What another process was given may be older than the plan's own, after Redis was put back.
            tokens.forget(refreshing(), kept.get());
            given = planned;
            answer = answer(given);
        }
        String refused = refusal(answer);
        if (refused != null) {
            String why = where + " refuses the login with " + refused + ": " + TokenRequest.advice(login);
            tokens.keep(refusals(), why, AFTER_REFUSAL);
            throw held(why);
        }
        String next = answer.path("refresh_token").asString("");
        if (login instanceof RedditLogin.RefreshToken && !next.isEmpty() && !next.equals(given)) {
            tokens.keep(refreshing(), seal.close(next), null);
        }
        String text = answer.path("access_token").asString("");
        AccessToken token = new AccessToken(text, seal.close(text));
        tokens.keep(access(), token.sealed(), time(answer.path("expires_in")));
        return token;
    }

    private static LegacyHeldException held(String why) {
        return why.contains(NO_GRANT)
                ? new LoginRefusedException(why, AFTER_REFUSAL)
                : new LegacyHeldException(why, AFTER_REFUSAL);
    }

    /** Asks for a token, and again where that may help. What comes back holds one, or says why not. */
    private JsonNode answer(String refreshToken) {
        for (int retry = 1; ; retry++) {
            Verdict.Failed failed;
            Permit permit = allowance.take(null);
            try {
                Reply reply = exchange.read(exchange.send(TokenRequest.of(exchange, source, login, refreshToken)));
                JsonNode json = reply.status() == UNAUTHORIZED ? UNKNOWN_CLIENT : reply.json();
                boolean told = json != null
                        && (refusal(json) != null || json.path("access_token").isString());
                Verdict verdict = told && reply.status() < 500 && !reply.tooOften()
                        ? new Verdict.Said(new Answer.Absent(""))
                        : new Verdict.Failed(
                                "answered " + reply.status() + " instead of a token", true, reply.tooOften(), null);
                // Its rate headers are of another allowance, where it sends any.
                RequestResult result = reply.result(verdict);
                permit.answered(new RequestResult(result.kind(), result.said(), null, null, result.retryAfter()));
                if (json != null && !(verdict instanceof Verdict.Failed)) {
                    return json;
                }
                failed = verdict instanceof Verdict.Failed some ? some : new Verdict.Failed("", true);
            } catch (IOException e) {
                failed = new Verdict.Failed("gave no token: " + Exchange.reason(e), true);
                permit.answered(RequestResult.failed(failed.why()));
            }
            if (retry == TRIES) {
                throw new LegacyUnavailableException(where + " " + failed.why());
            }
            pauses.before(retry);
        }
    }

    /** What a refused login is refused with; null where it is not. Comes with 200 as often as not. */
    private static @Nullable String refusal(JsonNode answer) {
        JsonNode error = answer.path("error");
        if (error.isMissingNode() || error.isNull()) {
            return null;
        }
        String said = Words.plain(error.asString(""));
        return said;
    }

    private static Duration time(JsonNode seconds) {
        double given = seconds.isNumber() ? seconds.asDouble() : 0;
        Duration whole = given > 0 ? Duration.ofMillis((long) (Math.min(given, 1e9) * 1_000)) : UNKNOWN;
        Duration margin = whole.dividedBy(10);
        Duration time = whole.minus(margin.compareTo(MARGIN) > 0 ? MARGIN : margin);
        return time.compareTo(Duration.ofMillis(1)) > 0 ? time : Duration.ofMillis(1);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(SHORT_WAIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LegacyUnavailableException("interrupted while waiting for a token", e);
        }
    }

    private String access() {
        return seal.name() + ":access";
    }

    private String refreshing() {
        return seal.name() + ":refresh";
    }

    private String refusals() {
        return seal.name() + ":refused";
    }
}
