package dev.backpop.standin;

import dev.backpop.plan.DurationText;
import dev.backpop.problem.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * One misbehaviour and when it happens.
 *
 * @param share of the requests that it meets, or of the ids where it is about ids
 * @param path with which a request's must start
 * @param requests how many it meets at most; negative for any number
 * @param status of the answer; 0 for the misbehaviour's own
 * @param retryAfter seconds, as the header says; null for none
 * @param delay where the misbehaviour is one of time
 */
public record Fault(
        Misbehaviour kind,
        double share,
        String path,
        long requests,
        int status,
        @Nullable String retryAfter,
        Duration delay) {
    private static final List<String> FIELDS =
            List.of("kind", "share", "path", "requests", "status", "retry_after", "delay");

    public Fault {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share is " + share + "; it must be above 0 and at most 1");
        }
        if (status != 0 && (status < 200 || status > 599)) {
            throw new IllegalArgumentException("status is " + status + "; it must be between 200 and 599");
        }
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay is " + delay + "; it must not be negative");
        }
    }

    /** Meets every request. */
    public static Fault of(Misbehaviour kind) {
        return new Fault(kind, 1, "/", -1, 0, null, Duration.ofSeconds(1));
    }

    public Fault withShare(double changed) {
        return new Fault(kind, changed, path, requests, status, retryAfter, delay);
    }

    public Fault withPath(String changed) {
        return new Fault(kind, share, changed, requests, status, retryAfter, delay);
    }

    public Fault withRequests(long changed) {
        return new Fault(kind, share, path, changed, status, retryAfter, delay);
    }

    public Fault withStatus(int changed) {
        return new Fault(kind, share, path, requests, changed, retryAfter, delay);
    }

    public Fault withRetryAfter(String changed) {
        return new Fault(kind, share, path, requests, status, changed, delay);
    }

    public Fault withDelay(Duration changed) {
        return new Fault(kind, share, path, requests, status, retryAfter, changed);
    }

    /**
     * Reads a list as {@code POST /_standin/faults} takes it: {@code [{"kind": "server_error", "share": 0.1, "path":
     * "/comments", "requests": 5, "status": 502, "retry_after": 3, "delay": "200ms"}]}, of which only {@code kind} is needed.
     *
     * @throws InvalidInputException when it is something else
     */
    public static List<Fault> read(String text) {
        JsonNode list;
        try {
            list = Json.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (JacksonException e) {
            throw new InvalidInputException("the faults are not JSON: " + e.getOriginalMessage());
        }
        if (!list.isArray()) {
            throw new InvalidInputException(
                    "faults are a JSON list, such as [{\"kind\": \"server_error\", \"share\": 0.1}]");
        }
        List<Fault> faults = new ArrayList<>();
        for (JsonNode one : list) {
            for (String name : one.propertyNames()) {
                if (!FIELDS.contains(name)) {
                    throw new InvalidInputException(
                            "a fault has no '" + name + "'; it has " + String.join(", ", FIELDS));
                }
            }
            faults.add(readOne(one));
        }
        return faults;
    }

    private static Fault readOne(JsonNode one) {
        String delay = one.path("delay").asString("1s");
        try {
            return new Fault(
                    kind(one.path("kind").asString("")),
                    one.path("share").asDouble(1),
                    one.path("path").asString("/"),
                    one.path("requests").asLong(-1),
                    one.path("status").asInt(0),
                    one.has("retry_after") ? one.path("retry_after").asString("") : null,
                    DurationText.parse(delay)
                            .orElseThrow(() ->
                                    new InvalidInputException("'" + delay + "' is no time; write it as 200ms or 5s")));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("a fault is wrong: " + e.getMessage());
        }
    }

    private static Misbehaviour kind(String name) {
        return Arrays.stream(Misbehaviour.values())
                .filter(kind -> kind.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException("there is no fault '" + name + "'; there are "
                        + Arrays.toString(Misbehaviour.values()).toLowerCase(Locale.ROOT)));
    }
}
