package dev.backpop.legacy.reddit.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;

/**
 * Sends requests and reads whole answers, of bounded size and in bounded time. Follows no redirects. Thread-safe.
 */
final class Exchange {
    /** Beyond the timeout, for what happens around the request. */
    static final Duration MARGIN = Duration.ofSeconds(4);

    /** The largest answer that is read, before and after it is inflated. */
    private static final int MOST_BYTES = 64 << 20;

    private final HttpClient http;
    private final Duration timeout;
    private final String userAgent;
    private final int mostBytes;

    Exchange(Duration timeout, String userAgent) {
        this(timeout, userAgent, MOST_BYTES);
    }

    Exchange(Duration timeout, String userAgent, int mostBytes) {
        this.timeout = timeout;
        this.userAgent = userAgent;
        this.mostBytes = mostBytes;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .build();
    }

    HttpRequest.Builder request(URI address) {
        return HttpRequest.newBuilder(address).header("User-Agent", userAgent).header("Accept-Encoding", "gzip");
    }

    void form(HttpRequest.Builder request, Map<String, String> form) {
        request.header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(Address.encoded(form), UTF_8));
    }

    /**
     * Sends a request and takes in the whole answer, as it came.
     *
     * @throws IOException when there is no whole answer in time, or it is too large
     */
    HttpResponse<byte[]> send(HttpRequest request) throws IOException {
        // The client's own timeout ends with the headers: a body that trickles would hold a lane for ever.
        CompletableFuture<HttpResponse<byte[]>> sent = http.sendAsync(request, info -> new BoundedBody(mostBytes));
        try {
            return sent.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw new IOException("no whole answer within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        } catch (InterruptedException e) {
            sent.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /**
     * The answer, inflated.
     *
     * @throws IOException when it is packed in another way than was asked for, or too large
     */
    Reply read(HttpResponse<byte[]> response) throws IOException {
        return new Reply(response.statusCode(), response.headers(), inflated(response));
    }

    private byte[] inflated(HttpResponse<byte[]> response) throws IOException {
        String encoding = response.headers().firstValue("Content-Encoding").orElse("identity");
        if (encoding.equalsIgnoreCase("identity") || response.body().length == 0) {
            return response.body();
        }
        if (!encoding.equalsIgnoreCase("gzip")) {
            throw new IOException("the answer is packed in a way that nobody asked for");
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            byte[] bytes = in.readNBytes(mostBytes);
            if (in.read() >= 0) {
                throw new IOException("an answer of more than " + mostBytes + " bytes");
            }
            return bytes;
        }
    }

    /** Why a request came to nothing, without what it was asked with. */
    static String reason(IOException failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }
}
