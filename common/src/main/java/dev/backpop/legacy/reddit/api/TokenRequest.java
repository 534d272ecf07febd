package dev.backpop.legacy.reddit.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.backpop.plan.LegacySource;
import dev.backpop.plan.RedditLogin;
import java.net.http.HttpRequest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a login asks for an access token. */
final class TokenRequest {
    private static final String GRANT = "grant_type";
    private static final String OF_USER = "/api/v1/generate_refresh_token";

    private TokenRequest() {}

    /** @param refreshToken the one to use where the login is by such a token */
    static HttpRequest of(Exchange exchange, LegacySource.Reddit source, RedditLogin login, String refreshToken) {
        if (login instanceof RedditLogin.OfUser user) {
            return exchange.request(Address.of(source.url(), OF_USER, Map.of("username", user.username())))
                    .header("X-Access-Token", user.accessKey())
                    .GET()
                    .build();
        }
        HttpRequest.Builder request = exchange.request(source.tokenUrl()).header("Authorization", authorization(login));
        exchange.form(request, form(login, refreshToken));
        return request.build();
    }

    /** The client's own name and password, as HTTP wants them. */
    static String authorization(RedditLogin login) {
        String both = login.clientId() + ":" + login.clientSecret();
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(UTF_8));
    }

    /** @param refreshToken the one to use where the login is by such a token */
    static Map<String, String> form(RedditLogin login, String refreshToken) {
        Map<String, String> form = new LinkedHashMap<>();
        if (login instanceof RedditLogin.RefreshToken) {
            form.put(GRANT, "refresh_token");
            form.put("refresh_token", refreshToken);
        } else if (login instanceof RedditLogin.Password password) {
            form.put(GRANT, "password");
            form.put("username", password.username());
            String code = password.oneTimeCode();
            form.put("password", code == null ? password.password() : password.password() + ":" + code);
        } else {
            form.put(GRANT, "client_credentials");
        }
        return form;
    }

    /** What to do when the server refuses it. */
    static String advice(RedditLogin login) {
        if (login instanceof RedditLogin.RefreshToken) {
            return "check legacy.reddit.client_id, client_secret and refresh_token; a token that was taken back must be"
                    + " given anew";
        }
        if (login instanceof RedditLogin.Password password) {
            return password.oneTimeCode() == null
                    ? "check legacy.reddit.client_id, client_secret, username and password; an account with two factors"
                            + " needs one_time_code too"
                    : "check legacy.reddit.client_id, client_secret, username and password; a one_time_code is good once and"
                            + " for half a minute, so a campaign of more than an hour needs a refresh_token";
        }
        if (login instanceof RedditLogin.OfUser) {
            return "check legacy.reddit.voters.access_key, and that the server has the plugin that takes it";
        }
        return "check legacy.reddit.client_id and client_secret";
    }
}
