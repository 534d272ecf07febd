package dev.backpop.legacy.reddit;

import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.legacy.reddit.api.Answer;
import dev.backpop.legacy.reddit.api.RedditApi;
import dev.backpop.plan.RedditLogin;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a stand-in server over HTTP, as somebody who never tries twice. */
final class PlainApi implements RedditApi {
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI url;
    private final String token;
    private final Object oneAtATime = new Object();

    PlainApi(URI url) {
        this.url = url;
        String client = Base64.getEncoder().encodeToString("stand-in:stand-in-secret".getBytes(StandardCharsets.UTF_8));
        token = json(send(HttpRequest.newBuilder(url.resolve("/api/v1/access_token"))
                        .header("Authorization", "Basic " + client)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "grant_type=password&username=mover&password=mover-password"))))
                .path("access_token")
                .asString();
    }

    @Override
    public Answer get(String path, Map<String, String> parameters) {
        return answer(send(HttpRequest.newBuilder(url.resolve(path + "?" + form(parameters) + "&raw_json=1"))
                .header("Authorization", "bearer " + token)));
    }

    @Override
    public Answer post(String path, Map<String, String> form) {
        synchronized (oneAtATime) {
            return answer(send(HttpRequest.newBuilder(url.resolve(path + "?raw_json=1"))
                    .header("Authorization", "bearer " + token)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(form(form)))));
        }
    }

    @Override
    public RedditApi as(RedditLogin login) {
        throw new UnsupportedOperationException("only as one account");
    }

    private static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private Answer answer(HttpResponse<String> response) {
        return switch (response.statusCode()) {
            case 200 -> new Answer.Found(json(response));
            case 302, 404 -> new Answer.Absent(response.statusCode() + " Not Found");
            case 403 -> new Answer.Forbidden("403 Forbidden");
            default -> throw new LegacyUnavailableException("status " + response.statusCode());
        };
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            return JsonMapper.shared().readTree(response.body());
        } catch (JacksonException e) {
            throw new LegacyUnavailableException("no JSON", e);
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(
                    request.header("User-Agent", "test:backpop:1").build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new LegacyUnavailableException("no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LegacyUnavailableException("interrupted", e);
        }
    }
}
