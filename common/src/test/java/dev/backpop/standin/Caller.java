package dev.backpop.standin;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A caller of a stand-in server, as simple as can be. */
final class Caller {
    private static final String AGENT = "linux:dev.backpop.test:1 (by /u/mover)";

    private final HttpClient http = HttpClient.newHttpClient();
    private final StandIn standIn;
    private String token = "";

    Caller(StandIn standIn) {
        this.standIn = standIn;
    }

    static Caller loggedIn(StandIn standIn) {
        Caller caller = new Caller(standIn);
        JsonNode answer = json(caller.token(Map.of(
                "grant_type",
                "refresh_token",
                "refresh_token",
                standIn.account().refreshToken())));
        return caller.with(answer.path("access_token").asString(""));
    }

    Caller with(String accessToken) {
        token = accessToken;
        return this;
    }

    HttpResponse<byte[]> token(Map<String, String> form) {
        return token("/api/v1/access_token", form, standIn.account().clientSecret());
    }

    HttpResponse<byte[]> token(String path, Map<String, String> form, String secret) {
        String client = standIn.account().clientId() + ":" + secret;
        String basic = Base64.getEncoder().encodeToString(client.getBytes(StandardCharsets.UTF_8));
        return send(request(path)
                .setHeader("Authorization", "Basic " + basic)
                .setHeader("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(encoded(form))));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(standIn.url() + path))
                .setHeader("User-Agent", AGENT)
                .setHeader("Authorization", "bearer " + token);
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<byte[]> get(String path) {
        return send(request(path));
    }

    CompletableFuture<HttpResponse<byte[]>> getLater(String path) {
        return http.sendAsync(request(path).build(), BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> post(String path, Map<String, String> form) {
        return send(posted(path, form));
    }

    CompletableFuture<HttpResponse<byte[]>> postLater(String path, Map<String, String> form) {
        return http.sendAsync(posted(path, form).build(), BodyHandlers.ofByteArray());
    }

    private HttpRequest.Builder posted(String path, Map<String, String> form) {
        return request(path)
                .setHeader("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(encoded(form)));
    }

    HttpResponse<byte[]> postText(String path, String text) {
        return send(request(path).setHeader("Content-Type", "application/json").POST(BodyPublishers.ofString(text)));
    }

    static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    static JsonNode json(HttpResponse<byte[]> response) {
        return Json.read(response.body());
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    static byte[] unzipped(byte[] body) throws IOException {
        return new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
    }

    static List<String> names(JsonNode listing) {
        List<String> names = new ArrayList<>();
        listing.path("data").path("children").forEach(child -> names.add(name(child)));
        return names;
    }

    private static String name(JsonNode thing) {
        return thing.path("data").path("name").asString("");
    }

    /** Every comment of a post by name, through every {@code more} and "continue this thread". */
    Comments comments(String post, @Nullable String sort) {
        String order = sort == null ? "" : "&sort=" + sort;
        Comments all = new Comments();
        Deque<String> deeper = new ArrayDeque<>();
        Deque<String> more = new ArrayDeque<>();
        Set<String> asked = new TreeSet<>();
        JsonNode page = json(get("/comments/" + post + "?raw_json=1" + order));
        all.add(page.get(1).path("data").path("children"), deeper, more);
        while (!deeper.isEmpty() || !more.isEmpty()) {
            all.calls++;
            if (!deeper.isEmpty()) {
                String parent = deeper.remove();
                page = json(get("/comments/" + post + "/_/" + parent + "?raw_json=1" + order));
                all.add(page.get(1).path("data").path("children"), deeper, more);
                continue;
            }
            List<String> children = new ArrayList<>();
            while (!more.isEmpty() && children.size() < 100) {
                String child = more.remove();
                if (asked.add(child) || !all.byName.containsKey("t1_" + child)) {
                    children.add(child);
                }
            }
            if (!children.isEmpty()) {
                page = json(post(
                        "/api/morechildren?raw_json=1" + order,
                        Map.of("link_id", "t3_" + post, "children", String.join(",", children), "api_type", "json")));
                JsonNode things = page.path("json").path("data").path("things");
                all.mostAtOnce = Math.max(all.mostAtOnce, count(things));
                all.add(things, deeper, more);
            }
        }
        return all;
    }

    private static int count(JsonNode things) {
        int count = 0;
        for (JsonNode thing : things) {
            count += thing.path("kind").asString("").equals("t1") ? 1 : 0;
        }
        return count;
    }

    static final class Comments {
        final Map<String, JsonNode> byName = new TreeMap<>();
        final Set<String> announced = new TreeSet<>();
        int calls;
        int continued;
        int mostAtOnce;

        private void add(JsonNode children, Deque<String> deeper, Deque<String> more) {
            for (JsonNode child : children) {
                JsonNode data = child.path("data");
                if (child.path("kind").asString("").equals("t1")) {
                    byName.put(name(child), data);
                    add(data.path("replies").path("data").path("children"), deeper, more);
                } else if (data.path("children").isEmpty()) {
                    continued++;
                    deeper.add(data.path("parent_id").asString("").substring(3));
                } else {
                    data.path("children").forEach(id -> {
                        announced.add("t1_" + id.asString(""));
                        more.add(id.asString(""));
                    });
                }
            }
        }
    }
}
