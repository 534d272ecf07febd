package dev.backpop.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.backpop.legacy.RequestClass;
import dev.backpop.legacy.reddit.api.RedditClient;
import dev.backpop.testing.Servers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Four processes that ask one server as fast as they may, by the client of the legacy store, and a live caller beside them. */
class BudgetSharingTest {
    private static final int PROCESSES = 4;
    private static final int REQUESTS = 100;
    private static final Duration PER = Duration.ofSeconds(4);
    private static final int WINDOWS = 3;

    private final Queue<Long> arrivals = new ConcurrentLinkedQueue<>();
    private final AtomicInteger tokens = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Process> processes = new ArrayList<>();
    private final Path log = Servers.newFolder().resolve("callers.log");
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly();
            process.waitFor(10, TimeUnit.SECONDS);
        }
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        arrivals.add(System.nanoTime());
        boolean token = exchange.getRequestURI().getPath().equals("/api/v1/access_token");
        String body = token
                ? "{\"access_token\":\"token-" + tokens.incrementAndGet() + "\",\"expires_in\":3600}"
                : "{\"kind\":\"Listing\",\"data\":{\"children\":[]}}";
        exchange.getRequestBody().readAllBytes();
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void four_processes_use_the_allowance_and_never_more_and_a_live_caller_does_not_wait_for_them() throws Exception {
        String prefix = Servers.newPrefix();
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        for (int i = 0; i < PROCESSES; i++) {
            processes.add(caller(prefix, url, i == 0 ? RequestClass.VERIFY : RequestClass.BACKFILL));
        }
        long begin;
        List<Long> waits = new ArrayList<>();
        try (RedisConnection redis = RedisConnection.open(Servers.redis().url())) {
            RedditClient live = RedditClient.of(
                    BudgetCaller.source(url, REQUESTS, PER),
                    new SharedAccess(redis, new RedisKeys(prefix), RequestClass.LIVE));
            // A client's first request waits for its classes as well, which is not what is measured.
            live.get("/r/live/about", Map.of());
            // All of them are at it, and the first window is full.
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> said().size() == PROCESSES);
            int before = arrivals.size();
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> arrivals.size() >= before + REQUESTS);

            begin = System.nanoTime();
            while (System.nanoTime() - begin < PER.multipliedBy(WINDOWS).toNanos()) {
                long asked = System.nanoTime();
                live.get("/r/live/about", Map.of());
                waits.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked));
                Awaitility.await()
                        .pollInterval(Duration.ofMillis(50))
                        .until(() -> System.nanoTime() - asked > TimeUnit.MILLISECONDS.toNanos(400));
            }
        }
        long end = System.nanoTime();

        List<Long> all = arrivals.stream().sorted().toList();
        long used =
                all.stream().filter(time -> time - begin >= 0 && end - time > 0).count();
        double allowed = REQUESTS * (double) (end - begin) / PER.toNanos();
        System.Logger told = System.getLogger(getClass().getName());
        told.log(
                System.Logger.Level.INFO,
                () -> "used " + used + " of " + Math.round(allowed) + ", most in a window " + most(all)
                        + ", live callers waited for ms " + waits);
        assertThat(most(all)).isLessThanOrEqualTo(REQUESTS);
        assertThat(used / allowed).isGreaterThan(0.95);
        assertThat(waits)
                .hasSizeGreaterThan(10)
                .allSatisfy(wait -> assertThat(wait).isLessThan(1_000));
        assertThat(tokens).hasValue(1);
    }

    /** The greatest number of arrivals in any time of the length of the window. */
    private static int most(List<Long> times) {
        int most = 0;
        int first = 0;
        for (int last = 0; last < times.size(); last++) {
            while (times.get(last) - times.get(first) >= PER.toNanos()) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    private List<String> said() throws IOException {
        return Files.exists(log)
                ? Files.readAllLines(log).stream()
                        .filter(line -> line.contains(BudgetCaller.READY))
                        .toList()
                : List.of();
    }

    private Process caller(String prefix, URI url, RequestClass requestClass) throws IOException {
        // As surefire has it where it starts tests by a jar that only names the class path.
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path arguments = Files.createTempFile(Servers.newFolder(), "caller", ".args");
        Files.writeString(arguments, "-cp \"" + classPath.replace("\\", "/") + "\"");
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "@" + arguments,
                        BudgetCaller.class.getName(),
                        Servers.redis().url(),
                        prefix,
                        url.toString(),
                        Integer.toString(REQUESTS),
                        PER.toString(),
                        requestClass.name())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }
}
