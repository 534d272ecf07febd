package dev.backpop.standin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.backpop.problem.InvalidInputException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A running stand-in server, on the loopback address. It has as many threads as there are requests. Thread-safe.
 *
 * <p>Beside Reddit's own addresses it has {@code GET /_standin/statistics}, {@code POST /_standin/faults} (a
 * list of faults, which replaces the one before) and {@code POST /_standin/expire} (makes all access tokens void).
 */
public final class StandIn implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StandIn.class);
    private static final String OWN = "/_standin";
    private static final int BACKLOG = 1_024;
    private static final int LONGEST_ADDRESS = 8_190;
    /** What libraries call themselves when nobody told them who is calling. */
    private static final Pattern NAMELESS = Pattern.compile(
            "(?i)(?:Java|Java-http-client|Python-urllib|Python/urllib|python-requests|curl|okhttp)\\b.*");

    private final StandInOptions options;
    private final HttpServer server;
    private final ExecutorService threads;
    private final long startNanos;
    private final Faults faults = new Faults();
    private final Statistics statistics = new Statistics();
    private final Tokens tokens;
    private final Delivery delivery = new Delivery(faults);
    private final ThingAnswers thingAnswers;
    private final ListAnswers listAnswers;
    private final Map<String, RateWindow> windows = new ConcurrentHashMap<>();
    private final Map<String, Boolean> childrenCallers = new ConcurrentHashMap<>();

    private StandIn(StandInOptions options) throws IOException {
        this.options = options;
        // Without this an answer waits for an acknowledgement between its head and its body; read once for a process.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), options.port()), BACKLOG);
        AtomicLong number = new AtomicLong();
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "stand-in-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        startNanos = options.nanoTime().getAsLong();
        tokens = new Tokens(options.account(), options.nanoTime(), statistics);
        String account = options.account().username();
        thingAnswers = new ThingAnswers(options.things(), faults, account, options.childrenPerCall());
        listAnswers = new ListAnswers(options.things(), thingAnswers);
        faults.set(options.faults());
    }

    /**
     * Starts a server.
     *
     * @throws InvalidInputException when its port is taken
     */
    public static StandIn start(StandInOptions options) {
        try {
            StandIn standIn = new StandIn(options);
            standIn.server.setExecutor(standIn.threads);
            standIn.server.createContext("/", standIn::handle);
            standIn.server.start();
            return standIn;
        } catch (IOException e) {
            throw new InvalidInputException("the stand-in server cannot listen on port " + options.port() + ": "
                    + e.getMessage() + "; give another port, or 0 for any that is free");
        }
    }

    /** Without a slash at its end. */
    public URI url() {
        return URI.create("http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort());
    }

    public Account account() {
        return options.account();
    }

    public Statistics statistics() {
        return statistics;
    }

    /** Has these faults from now on, and no others. */
    public void misbehave(Fault... now) {
        faults.set(List.of(now));
    }

    /** Has no faults from now on. */
    public void behave() {
        faults.set(List.of());
    }

    /** Makes all access tokens void that were given out so far. */
    public void expireTokens() {
        tokens.expireAll();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        options.things().close();
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            Call call = Call.read(exchange);
            if (call == null) {
                exchange.sendResponseHeaders(413, -1);
            } else if (call.path().startsWith(OWN)) {
                delivery.send(call, own(call), Map.of());
            } else {
                answer(call);
            }
        } catch (IOException e) {
            LOG.debug("A caller of the stand-in server went away", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            // The server would drop it without a word, and its caller would wait for an answer for ever.
            LOG.error("The stand-in server failed at {}", exchange.getRequestURI(), e);
            throw e;
        }
    }

    private Reply own(Call call) {
        return switch (call.path()) {
            case OWN + "/statistics" -> Reply.found(statistics.json());
            case OWN + "/faults" -> ownFaults(call);
            case OWN + "/expire" -> {
                tokens.expireAll();
                yield Reply.found(Json.object());
            }
            default -> Reply.notFound();
        };
    }

    private Reply ownFaults(Call call) {
        try {
            List<Fault> wanted = Fault.read(call.body());
            faults.set(wanted);
            return Reply.found(Json.object().put("faults", wanted.size()));
        } catch (InvalidInputException e) {
            return Reply.error(400, String.valueOf(e.getMessage()));
        }
    }

    private void answer(Call call) throws IOException, InterruptedException {
        List<String> words = Route.inChannel(call.words());
        Route route = Route.of(call.method(), words);
        statistics.began(route.shown());
        int status = 0;
        try {
            Map<String, String> rate = new ConcurrentHashMap<>();
            status = delivery.send(call, reply(call, route, words, rate), rate);
        } finally {
            statistics.ended(status);
        }
    }

    private Reply reply(Call call, Route route, List<String> words, Map<String, String> rate)
            throws InterruptedException {
        String path = call.path();
        if (call.exchange().getRequestURI().toString().length() > LONGEST_ADDRESS) {
            return Reply.page(414, "Request-URI Too Large");
        }
        String agent = call.header("User-Agent");
        if (agent == null || agent.isBlank() || NAMELESS.matcher(agent).matches()) {
            return Reply.tooMany(null);
        }
        if (route.isLogin()) {
            Reply fault = fault(path);
            return fault != null ? fault : login(call, route);
        }
        if (faults.met(Misbehaviour.EXPIRED_TOKEN, path) != null) {
            tokens.expire(call);
        }
        String user = tokens.user(call);
        if (user == null) {
            return Tokens.unauthorized();
        }
        if (!isAllowed(user, rate)) {
            String reset = rate.getOrDefault("x-ratelimit-reset", "1");
            rate.clear();
            return Reply.tooMany(reset);
        }
        Reply reply = route == Route.MORE_CHILDREN ? oneAtATime(call, user) : thought(call, route, words, user);
        if (reply.status() != 200 || faults.met(Misbehaviour.NO_RATE_HEADERS, path) != null) {
            rate.clear();
        } else if (faults.met(Misbehaviour.WHOLE_RATE_HEADERS, path) != null) {
            rate.replaceAll((name, value) -> value.replaceFirst("\\.0$", ""));
        }
        return reply;
    }

    private Reply login(Call call, Route route) {
        return switch (route) {
            case ACCESS_TOKEN -> tokens.accessToken(call);
            case REVOKE_TOKEN -> tokens.revoke(call);
            default -> tokens.ofUser(call);
        };
    }

    private boolean isAllowed(String user, Map<String, String> rate) {
        long now = options.nanoTime().getAsLong();
        Allowance allowance = options.allowance();
        if (allowance == null) {
            statistics.counted(now, true);
            return true;
        }
        RateWindow.Standing standing = windows.computeIfAbsent(user, u -> new RateWindow(allowance, startNanos))
                .take(now);
        statistics.counted(now, standing.isAllowed());
        rate.put("x-ratelimit-used", Integer.toString(standing.used()));
        rate.put("x-ratelimit-remaining", standing.remaining() + ".0");
        rate.put("x-ratelimit-reset", Long.toString(standing.resetSeconds()));
        return standing.isAllowed();
    }

    /** A second call of the same user's is refused, and not told when to come again. */
    private Reply oneAtATime(Call call, String user) throws InterruptedException {
        statistics.childrenBegan();
        boolean isAlone = childrenCallers.putIfAbsent(user, true) == null;
        try {
            return isAlone ? thought(call, Route.MORE_CHILDREN, List.of(), user) : Reply.tooMany(null);
        } finally {
            statistics.childrenEnded(!isAlone);
            if (isAlone) {
                childrenCallers.remove(user);
            }
        }
    }

    private Reply thought(Call call, Route route, List<String> words, String user) throws InterruptedException {
        Delivery.pause(options.latency());
        Reply fault = fault(call.path());
        if (fault != null) {
            return fault;
        }
        return switch (route) {
            case ME -> Reply.found(me(user));
            case INFO -> thingAnswers.info(call, user);
            case MORE_CHILDREN -> thingAnswers.moreChildren(call, user);
            case POST -> thingAnswers.comments(call, user, words.get(1), null);
            case COMMENT -> thingAnswers.comments(call, user, words.get(1), words.get(3));
            case NEW_POSTS -> listAnswers.posts(call, user);
            case NEW_COMMENTS -> listAnswers.comments(call, user);
            case NEW_CHANNELS -> listAnswers.channels(call, user);
            case CHANNEL_POSTS -> listAnswers.postsOf(call, user, words.get(1));
            case ABOUT -> listAnswers.about(words.get(1));
            case MODERATORS ->
                listAnswers.moderators(call, words.get(1), options.account().username());
            case CONTRIBUTORS -> listAnswers.contributors(call, words.get(1));
            default -> Reply.notFound();
        };
    }

    private static ObjectNode me(String user) {
        return Json.object()
                .put("name", user)
                .put("id", Fullname.text(Fullname.person(user).id()));
    }

    private @Nullable Reply fault(String path) throws InterruptedException {
        Fault slow = faults.met(Misbehaviour.SLOW, path);
        if (slow != null) {
            Delivery.pause(slow.delay());
        }
        Fault tooMany = faults.met(Misbehaviour.TOO_MANY_REQUESTS, path);
        if (tooMany != null) {
            return Reply.tooMany(tooMany.retryAfter());
        }
        Fault error = faults.met(Misbehaviour.SERVER_ERROR, path);
        if (error != null) {
            int status = error.status() == 0 ? 503 : error.status();
            return Reply.error(status, status == 500 ? "Internal Server Error" : "Service Unavailable")
                    .with(error.retryAfter() == null ? Map.of() : Map.of("Retry-After", error.retryAfter()));
        }
        Fault page = faults.met(Misbehaviour.HTML_PAGE, path);
        return page == null ? null : Reply.page(page.status() == 0 ? 200 : page.status(), "Ow! -- reddit is down");
    }
}
