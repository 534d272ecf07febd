package dev.backpop.legacy.reddit.api;

import dev.backpop.legacy.RequestResult;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole answer of an HTTP server, inflated. Immutable. */
final class Reply {
    /** Decimals stay what they are written as, and trees of comments may be as deep as they are. */
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(100_000)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** Longer is not believed: a server that says so means something else. */
    private static final double LONGEST_SECONDS = 86_400;

    private static final int TOO_MANY_REQUESTS = 429;

    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;

    Reply(int status, HttpHeaders headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    int status() {
        return status;
    }

    /** Null when it is not JSON, or not all of it. */
    @Nullable
    JsonNode json() {
        try {
            JsonNode read = body.length == 0 ? null : JSON.readTree(body);
            return read == null || read.isMissingNode() ? null : read;
        } catch (JacksonException e) {
            return null;
        }
    }

    boolean empty() {
        return body.length == 0;
    }

    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** What the budget wants to know of it. */
    RequestResult result(Verdict verdict) {
        if (verdict instanceof Verdict.Failed failed && failed.tooOften()) {
            Duration wanted = failed.notFor();
            return new RequestResult(
                    RequestResult.Kind.REFUSED,
                    failed.why(),
                    remaining(),
                    reset(),
                    wanted == null ? seconds("Retry-After") : wanted);
        }
        boolean failed = verdict instanceof Verdict.Failed some && some.mayPass();
        return new RequestResult(
                failed ? RequestResult.Kind.FAILED : RequestResult.Kind.ANSWERED,
                verdict instanceof Verdict.Failed some ? some.why() : "answered " + status,
                remaining(),
                reset(),
                // Of a server that is down for a while, and says so.
                failed ? seconds("Retry-After") : null);
    }

    boolean tooOften() {
        return status == TOO_MANY_REQUESTS;
    }

    private @Nullable Double remaining() {
        OptionalDouble found = number("X-Ratelimit-Remaining");
        return found.isPresent() ? found.getAsDouble() : null;
    }

    private @Nullable Duration reset() {
        return seconds("X-Ratelimit-Reset");
    }

    private @Nullable Duration seconds(String name) {
        OptionalDouble found = number(name);
        return found.isEmpty() || found.getAsDouble() < 0
                ? null
                : Duration.ofMillis((long) Math.ceil(Math.min(LONGEST_SECONDS, found.getAsDouble()) * 1_000));
    }

    private OptionalDouble number(String name) {
        String text = header(name).strip();
        return text.matches("-?[0-9]{1,12}(\\.[0-9]{1,12})?")
                ? OptionalDouble.of(Double.parseDouble(text))
                : OptionalDouble.empty();
    }
}
