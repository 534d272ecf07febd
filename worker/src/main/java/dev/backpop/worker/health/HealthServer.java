package dev.backpop.worker.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import dev.backpop.problem.Secrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers {@code GET} and {@code HEAD} for {@code /health/live}, {@code /health/ready} and {@code /metrics} on every address
 * of the machine. Thread-safe; has two threads of its own, so a slow caller costs other callers, never the worker.
 */
public final class HealthServer implements AutoCloseable {
    private static final int THREADS = 2;
    private static final int BACKLOG = 16;
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpServer server;
    private final ExecutorService threads;

    private HealthServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Starts to answer.
     *
     * @param port 0 for any free one
     * @param readiness asked at every call; must answer at once
     * @param metrics the scrape in Prometheus' text format
     * @throws InvalidInputException when the port is taken or not allowed, naming it
     */
    public static HealthServer start(int port, Supplier<Readiness> readiness, Supplier<String> metrics) {
        HttpServer server = bind(port);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, HealthServer::thread);
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, readiness, metrics));
        server.start();
        return new HealthServer(server, threads);
    }

    /** Where it answers, whatever was asked for. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static HttpServer bind(int port) {
        try {
            return HttpServer.create(new InetSocketAddress("0.0.0.0", port), BACKLOG);
        } catch (BindException e) {
            throw new InvalidInputException(List.of(new Problem(
                    "--health-port (BACKPOP_HEALTH_PORT)",
                    "port " + port + " cannot be used (" + e.getMessage()
                            + "): choose another one, or 0 for any that is free")));
        } catch (IOException e) {
            throw new UncheckedIOException("could not listen on port " + port, e);
        }
    }

    private static Thread thread(Runnable runnable) {
        Thread thread = new Thread(runnable, "health");
        thread.setDaemon(true);
        return thread;
    }

    private static void answer(HttpExchange exchange, Supplier<Readiness> readiness, Supplier<String> metrics)
            throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                send(exchange, 405, "text/plain; charset=utf-8", "only GET and HEAD are answered here\n");
                return;
            }
            switch (exchange.getRequestURI().getPath()) {
                case "/health/live" -> send(exchange, 200, "application/json", json(Readiness.READY, "live"));
                case "/health/ready" -> {
                    Readiness now = readiness.get();
                    send(exchange, now.ready() ? 200 : 503, "application/json", json(now, "ready"));
                }
                case "/metrics" -> send(exchange, 200, METRICS_TYPE, metrics.get());
                default ->
                    send(
                            exchange,
                            404,
                            "text/plain; charset=utf-8",
                            "not here: try /health/live, /health/ready or /metrics\n");
            }
        }
    }

    private static String json(Readiness readiness, String question) {
        return "{\"" + question + "\":" + readiness.ready() + ",\"reason\":"
                + JSON.writeValueAsString(Secrets.mask(readiness.reason())) + "}\n";
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
