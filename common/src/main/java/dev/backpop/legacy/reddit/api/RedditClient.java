package dev.backpop.legacy.reddit.api;

import dev.backpop.legacy.Allowance;
import dev.backpop.legacy.LegacyAccess;
import dev.backpop.legacy.LegacyOverloadedException;
import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.legacy.Permit;
import dev.backpop.legacy.RequestLimit;
import dev.backpop.legacy.RequestResult;
import dev.backpop.legacy.SharedTokens;
import dev.backpop.plan.LegacySource;
import dev.backpop.plan.RedditLogin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Asks a Reddit server over HTTP. Thread-safe; blocks the caller, with at most {@code in_flight} requests under way at a time,
 * however many callers there are.
 *
 * <p>A fault that may pass (5xx, 408, 429, timeouts, cut or unreadable bodies) is asked again twice, after a pause; each try
 * needs a permission of its own. A request of which one may be under way at a time for an account is sent so.
 */
public final class RedditClient implements RedditApi {
    private static final int TRIES = 3;
    /** The server lets one of these run for an account, and refuses a second without saying for how long. */
    private static final String ONE_AT_A_TIME = "/api/morechildren";

    private final LegacySource.Reddit source;
    private final Exchange exchange;
    private final Allowance allowance;
    private final SharedTokens tokens;
    private final Login login;
    private final Pauses pauses;
    private final Semaphore inFlight;
    private final String where;

    private RedditClient(LegacySource.Reddit source, LegacyAccess access, Pauses pauses) {
        this.source = source;
        this.pauses = pauses;
        this.where = "Reddit at " + source.url().getAuthority();
        this.exchange = new Exchange(source.timeout(), source.userAgent());
        this.inFlight = new Semaphore(source.inFlight(), true);
        ClientName name = ClientName.of(source);
        this.allowance = access.allowance(name.store(), limit(source));
        this.tokens = access.tokens(name.store());
        this.login = new Login(source, source.login(), exchange, allowance, tokens, pauses, System::nanoTime);
    }

    /** All of it is shared but who asks. */
    private RedditClient(RedditClient other, RedditLogin login) {
        this.source = other.source;
        this.pauses = other.pauses;
        this.where = other.where;
        this.exchange = other.exchange;
        this.inFlight = other.inFlight;
        this.allowance = other.allowance;
        this.tokens = other.tokens;
        this.login = new Login(source, login, exchange, allowance, tokens, pauses, System::nanoTime);
    }

    /** A client that has asked for nothing yet. */
    public static RedditClient of(LegacySource.Reddit source, LegacyAccess access) {
        return new RedditClient(source, access, Pauses.random());
    }

    static RedditClient of(LegacySource.Reddit source, LegacyAccess access, Pauses pauses) {
        return new RedditClient(source, access, pauses);
    }

    /** The name under which all processes share what one client of one server may ask. */
    public static String store(LegacySource.Reddit source) {
        return ClientName.of(source).store();
    }

    /** What the plan lets that client ask. */
    public static RequestLimit limit(LegacySource.Reddit source) {
        return new RequestLimit(
                source.requests(), source.per(), source.timeout().plus(Exchange.MARGIN));
    }

    @Override
    public RedditApi as(RedditLogin other) {
        return new RedditClient(this, other);
    }

    @Override
    public Answer get(String path, Map<String, String> parameters) {
        return ask("GET", path, parameters, null);
    }

    @Override
    public Answer post(String path, Map<String, String> form) {
        return ask("POST", path, Map.of(), form);
    }

    private Answer ask(String method, String path, Map<String, String> parameters, @Nullable Map<String, String> form) {
        Map<String, String> query = new LinkedHashMap<>(parameters);
        query.put("raw_json", "1");
        URI address = Address.of(source.url(), path, query);
        return tried(address, method + " " + path, path, form);
    }

    private Answer tried(URI address, String what, String path, @Nullable Map<String, String> form) {
        String alone = path.startsWith(ONE_AT_A_TIME) ? login.name() + ONE_AT_A_TIME : null;
        boolean renewed = false;
        for (int left = TRIES - 1; ; left--) {
            AccessToken token = login.token();
            Verdict verdict = once(address, what, form, token, alone);
            if (verdict instanceof Verdict.Said said) {
                return said.answer();
            }
            if (verdict instanceof Verdict.TooMuch tooMuch) {
                throw new LegacyOverloadedException(where + " " + tooMuch.why());
            }
            if (verdict instanceof Verdict.Unauthorized && !renewed) {
                // A token may be taken back at any time; the new one is worth one more try, beside the others.
                login.refused(token);
                renewed = true;
                left++;
                continue;
            }
            Verdict.Failed failed = verdict instanceof Verdict.Failed some
                    ? some
                    : new Verdict.Failed("refuses a token that it has just given out, to " + what, false);
            if (!failed.mayPass() || left == 0) {
                throw new LegacyUnavailableException(where + " " + failed.why());
            }
            pauses.before(TRIES - left);
        }
    }

    private Verdict once(
            URI address, String what, @Nullable Map<String, String> form, AccessToken token, @Nullable String alone) {
        HttpRequest.Builder request = exchange.request(address).header("Authorization", "bearer " + token.text());
        if (form == null) {
            request.GET();
        } else {
            exchange.form(request, form);
        }
        Permit permit = null;
        try {
            HttpResponse<byte[]> response;
            // Held for the request alone: what is made of one answer must not keep the server from the next question.
            acquireFlight(what);
            try {
                permit = allowance.take(alone);
                response = exchange.send(request.build());
            } finally {
                inFlight.release();
            }
            Reply reply = exchange.read(response);
            Verdict verdict = Verdict.of(reply, what);
            permit.answered(reply.result(verdict));
            return verdict;
        } catch (IOException e) {
            String why = "did not answer " + what + ": " + Exchange.reason(e);
            if (permit != null) {
                permit.answered(RequestResult.failed(why));
            }
            return new Verdict.Failed(why, true);
        }
    }

    private void acquireFlight(String what) {
        try {
            inFlight.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LegacyUnavailableException("interrupted while waiting to ask " + where + " for " + what, e);
        }
    }
}
