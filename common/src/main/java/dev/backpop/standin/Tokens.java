package dev.backpop.standin;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Gives out tokens, and knows whose a token is while it is good. Thread-safe. */
final class Tokens {
    /** Who uses the server without being anybody. */
    static final String NOBODY = "";

    private record Grant(String user, long endNanos) {}

    private final Account account;
    private final LongSupplier nanoTime;
    private final Statistics statistics;
    private final Map<String, Grant> grants = new ConcurrentHashMap<>();
    private final Map<String, String> refreshTokens = new ConcurrentHashMap<>();
    private final AtomicLong last = new AtomicLong();

    Tokens(Account account, LongSupplier nanoTime, Statistics statistics) {
        this.account = account;
        this.nanoTime = nanoTime;
        this.statistics = statistics;
        refreshTokens.put(account.refreshToken(), account.username());
    }

    /** Whose token a request carries; null when it carries none that is good. */
    @Nullable
    String user(Call call) {
        Grant grant = grants.get(bearer(call));
        return grant == null || grant.endNanos() - nanoTime.getAsLong() <= 0 ? null : grant.user();
    }

    private static String bearer(Call call) {
        String header = call.header("Authorization");
        return header != null && header.regionMatches(true, 0, "bearer ", 0, 7)
                ? header.substring(7).trim()
                : "";
    }

    void expire(Call call) {
        grants.remove(bearer(call));
    }

    void expireAll() {
        grants.clear();
    }

    Reply accessToken(Call call) {
        if (!isClient(call)) {
            return unauthorized();
        }
        return switch (call.parameter("grant_type", "")) {
            case "refresh_token" -> refreshed(call.parameter("refresh_token", ""));
            case "password" ->
                call.parameter("username", "").equalsIgnoreCase(account.username())
                                && call.parameter("password", "").equals(expectedPassword())
                        ? Reply.found(token(account.username()))
                        : error("invalid_grant");
            case "client_credentials" -> Reply.found(token(NOBODY));
            default -> error("unsupported_grant_type");
        };
    }

    private Reply refreshed(String refreshToken) {
        String user =
                account.replacesRefreshTokens() ? refreshTokens.remove(refreshToken) : refreshTokens.get(refreshToken);
        if (user == null) {
            return error("invalid_grant");
        }
        String next = refreshToken;
        if (account.replacesRefreshTokens()) {
            next = account.refreshToken() + "-" + last.incrementAndGet();
            refreshTokens.put(next, user);
        }
        return Reply.found(token(user).put("refresh_token", next));
    }

    private String expectedPassword() {
        return account.oneTimeCode() == null ? account.password() : account.password() + ":" + account.oneTimeCode();
    }

    /** Errors come as if all were well. */
    private static Reply error(String word) {
        return Reply.found(Json.object().put("error", word));
    }

    static Reply unauthorized() {
        return Reply.error(401, "Unauthorized")
                .with(Map.of("WWW-Authenticate", "Bearer realm=\"reddit\", error=\"invalid_token\""));
    }

    private ObjectNode token(String user) {
        String token = "token-" + last.incrementAndGet();
        long life = account.tokenLife().toNanos();
        grants.put(token, new Grant(user, nanoTime.getAsLong() + life));
        statistics.tokenIssued();
        ObjectNode answer = Json.object().put("access_token", token).put("token_type", "bearer");
        return answer.put("expires_in", Math.max(1, account.tokenLife().toSeconds()))
                .put("scope", "*");
    }

    Reply revoke(Call call) {
        if (!isClient(call)) {
            return unauthorized();
        }
        String token = call.parameter("token", "");
        grants.remove(token);
        refreshTokens.remove(token);
        return new Reply(204, null, "", Map.of());
    }

    /** Open Discussions' own plugin: tokens of any user, who is made if there is none. */
    Reply ofUser(Call call) {
        String user = call.parameter("username", "");
        if (!account.userKey().equals(call.header("X-Access-Token")) || user.isEmpty()) {
            return Reply.forbidden();
        }
        String refreshToken = "refresh-" + user;
        refreshTokens.put(refreshToken, user);
        return Reply.found(token(user).put("refresh_token", refreshToken));
    }

    private boolean isClient(Call call) {
        String header = call.header("Authorization");
        String expected = account.clientId() + ":" + account.clientSecret();
        if (header == null || !header.regionMatches(true, 0, "basic ", 0, 6)) {
            return false;
        }
        try {
            byte[] given = Base64.getDecoder().decode(header.substring(6).trim());
            return new String(given, StandardCharsets.UTF_8).equals(expected);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
