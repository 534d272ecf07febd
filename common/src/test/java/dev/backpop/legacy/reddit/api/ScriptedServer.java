package dev.backpop.legacy.reddit.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.backpop.plan.LegacySource;
import dev.backpop.plan.RedditLogin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;

/** An HTTP server that answers as it was told, in order, and remembers what it was asked. */
final class ScriptedServer implements AutoCloseable {
    static final String SECRET = "the-client-secret";
    static final String TOKEN_PATH = "/api/v1/access_token";

    /** What it does with one exchange. */
    interface Step {
        void answer(HttpExchange exchange) throws IOException;
    }

    record Asked(String method, String address, Map<String, String> headers, String body) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Deque<Step> script = new ArrayDeque<>();
    private final Deque<Step> tokenScript = new ArrayDeque<>();
    private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());
    private int tokens;

    ScriptedServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    /** The next answer to anything but a request for a token. */
    ScriptedServer then(Step step) {
        synchronized (script) {
            script.add(step);
        }
        return this;
    }

    ScriptedServer then(int status, String body, String... headers) {
        return then(exchange -> reply(exchange, status, body, headers));
    }

    /** The next answer to a request for a token; without one it gives token-1, token-2, … for an hour each. */
    ScriptedServer thenToken(int status, String body) {
        synchronized (script) {
            tokenScript.add(exchange -> reply(exchange, status, body));
        }
        return this;
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** Without those for tokens. */
    List<Asked> askedForData() {
        return asked().stream()
                .filter(one -> !one.address().startsWith(TOKEN_PATH))
                .toList();
    }

    List<Asked> askedForTokens() {
        return asked().stream()
                .filter(one -> one.address().startsWith(TOKEN_PATH))
                .toList();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    LegacySource.Reddit source(RedditLogin login, Duration timeout) {
        return new LegacySource.Reddit(
                url(),
                url().resolve(TOKEN_PATH),
                "linux:backpop-test:1 (by /u/tester)",
                login,
                1_000,
                Duration.ofSeconds(1),
                8,
                timeout,
                false,
                LegacySource.Lookups.NONE);
    }

    static void reply(HttpExchange exchange, int status, String body, String... headers) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        for (int at = 0; at < headers.length; at += 2) {
            exchange.getResponseHeaders().add(headers[at], headers[at + 1]);
        }
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    private void serve(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        Map<String, String> headers = new LinkedHashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, String.join(",", values)));
        asked.add(
                new Asked(exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body));
        Step step;
        synchronized (script) {
            boolean token = exchange.getRequestURI().getPath().equals(TOKEN_PATH);
            step = (token ? tokenScript : script).poll();
            if (step == null) {
                String answer = token
                        ? "{\"access_token\":\"token-" + ++tokens + "\",\"token_type\":\"bearer\",\"expires_in\":3600}"
                        : "{\"kind\":\"Listing\",\"data\":{\"children\":[]}}";
                step = ordinary -> reply(ordinary, 200, answer);
            }
        }
        try {
            step.answer(exchange);
        } catch (IOException e) {
            exchange.close();
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
