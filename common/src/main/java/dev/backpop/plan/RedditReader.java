package dev.backpop.plan;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads where a Reddit server is, who asks it, and how much of it may be asked. */
final class RedditReader {
    private static final List<String> NAMES = List.of(
            "url",
            "token_url",
            "user_agent",
            "client_id",
            "client_secret",
            "refresh_token",
            "username",
            "password",
            "one_time_code",
            "requests",
            "per",
            "in_flight",
            "timeout",
            "moderates",
            "lookups",
            "voters");
    private static final List<String> VOTERS =
            List.of("url", "user", "password", StatementTimeout.NAME, "query", "access_key");
    private static final List<String> LOOKUPS = List.of("url", "user", "password", StatementTimeout.NAME, "queries");
    private static final String TOKEN_PATH = "/api/v1/access_token";

    /** What Reddit lets one client do without more ado, by its rules of 2023. */
    private static final int REQUESTS = 100;

    private static final Duration PER = Duration.ofMinutes(1);
    private static final int MOST_REQUESTS = 1_000_000;
    private static final int IN_FLIGHT = 8;
    private static final int MOST_IN_FLIGHT = 256;
    private static final Duration TIMEOUT = Duration.ofSeconds(16);
    private static final Duration LONGEST = Duration.ofHours(1);

    private RedditReader() {}

    /** @return null when it cannot be read, with problems noted */
    static LegacySource.@Nullable Reddit read(Element element) {
        Section section = element.section(NAMES);
        if (section == null) {
            return null;
        }
        URI url = url(section.required("url"));
        Element token = section.optional("token_url");
        URI tokenUrl = token != null ? url(token) : url == null ? null : url.resolve(TOKEN_PATH);
        String userAgent = section.requiredText("user_agent");
        RedditLogin login = login(section);
        Element flag = section.optional("moderates");
        Boolean moderates = flag == null ? Boolean.FALSE : flag.flag();
        LegacySource.Lookups lookups = lookups(section.optional("lookups"));
        LegacySource.Voters voters = voters(section.optional("voters"));
        int requests = number(section.optional("requests"), MOST_REQUESTS, REQUESTS);
        Duration per = time(section.optional("per"), PER);
        int inFlight = number(section.optional("in_flight"), MOST_IN_FLIGHT, IN_FLIGHT);
        Duration timeout = time(section.optional("timeout"), TIMEOUT);
        if (url == null || tokenUrl == null || userAgent == null || login == null || moderates == null) {
            return null;
        }
        return lookups == null || voters == null
                ? null
                : new LegacySource.Reddit(
                        url, tokenUrl, userAgent, login, requests, per, inFlight, timeout, moderates, lookups, voters);
    }

    private static @Nullable URI url(@Nullable Element element) {
        String text = element == null ? null : element.text();
        if (element == null || text == null) {
            return null;
        }
        Secrets.checkUrl(element);
        try {
            URI url = new URI(text);
            boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            if (web && url.getHost() != null && url.getUserInfo() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // Told below, like every other text that is no such URL.
        }
        element.problem("is not a web address: write https://HOST or http://HOST:PORT, without a user or a password");
        return null;
    }

    private static @Nullable RedditLogin login(Section section) {
        String clientId = section.requiredText("client_id");
        if (section.required("client_secret") == null || clientId == null) {
            return null;
        }
        String secret = Secrets.secret(section, "client_secret", "a client's secret");
        String refreshToken = Secrets.secret(section, "refresh_token", "a token");
        String username = section.optionalText("username");
        String password = Secrets.password(section);
        String code = Secrets.secret(section, "one_time_code", "a one-time code");
        if (section.has("refresh_token") && (section.has("username") || section.has("password"))) {
            section.whole().problem("there are two ways to log in: keep refresh_token, or username and password");
            return null;
        }
        if (section.has("username") != section.has("password")) {
            section.whole().problem("username and password go together: give both, or neither");
            return null;
        }
        if (section.has("one_time_code") && !section.has("password")) {
            section.whole().problem("one_time_code goes with username and password: add them, or leave it out");
            return null;
        }
        if (secret == null) {
            return null;
        }
        if (section.has("refresh_token")) {
            return refreshToken == null ? null : new RedditLogin.RefreshToken(clientId, secret, refreshToken);
        }
        if (section.has("username")) {
            return username == null || password == null
                    ? null
                    : new RedditLogin.Password(clientId, secret, username, password, code);
        }
        return new RedditLogin.Application(clientId, secret);
    }

    private static LegacySource.@Nullable Lookups lookups(@Nullable Element element) {
        if (element == null) {
            return LegacySource.Lookups.NONE;
        }
        Section section = element.section(LOOKUPS);
        Element queriesElement = section == null ? null : section.required("queries");
        Map<String, Element> entries = queriesElement == null ? null : queriesElement.entries();
        LegacySource.Jdbc source = section == null ? null : StoreReader.database(section);
        if (entries == null || source == null) {
            return null;
        }
        Map<String, String> queries = new LinkedHashMap<>();
        entries.forEach((field, value) -> {
            String query = value.text();
            if (query != null) {
                queries.put(field, query);
            }
        });
        return new LegacySource.Lookups(source, queries);
    }

    private static LegacySource.@Nullable Voters voters(@Nullable Element element) {
        if (element == null) {
            return LegacySource.Voters.NONE;
        }
        Section section = element.section(VOTERS);
        String query = section == null ? null : section.requiredText("query");
        LegacySource.Jdbc source = section == null ? null : StoreReader.database(section);
        String accessKey = section == null ? null : Secrets.secret(section, "access_key", "a key");
        if (section == null || query == null || source == null || (section.has("access_key") && accessKey == null)) {
            return null;
        }
        return new LegacySource.Voters(source, query, accessKey);
    }

    private static int number(@Nullable Element element, int most, int otherwise) {
        String text = element == null ? null : element.text();
        if (element == null || text == null) {
            return otherwise;
        }
        if (text.matches("[1-9][0-9]{0,8}") && Integer.parseInt(text) <= most) {
            return Integer.parseInt(text);
        }
        element.problem("expected a whole number from 1 to " + most + ", found " + element.shown());
        return otherwise;
    }

    private static Duration time(@Nullable Element element, Duration otherwise) {
        String text = element == null ? null : element.text();
        if (element == null || text == null) {
            return otherwise;
        }
        Optional<Duration> time = DurationText.parse(text).filter(found -> !found.isZero());
        if (time.isEmpty() || time.get().compareTo(LONGEST) > 0) {
            element.problem("expected a time up to 1h such as 60s or 1m, found " + element.shown());
            return otherwise;
        }
        return time.get();
    }
}
