package dev.backpop.standin;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.JsonNode;

/** Sends answers, whole or not. */
final class Delivery {
    private static final int NO_BODY = -1;

    private final Faults faults;

    Delivery(Faults faults) {
        this.faults = faults;
    }

    /**
     * Sends an answer.
     *
     * @param rate the rate headers
     * @return the status that was sent; 0 when none was
     */
    int send(Call call, Reply reply, Map<String, String> rate) throws IOException, InterruptedException {
        HttpExchange exchange = call.exchange();
        String path = call.path();
        if (faults.met(Misbehaviour.NO_ANSWER, path) != null) {
            return 0;
        }
        JsonNode json = reply.json();
        byte[] body = json == null ? reply.page().getBytes(StandardCharsets.UTF_8) : Json.write(json, call.isRaw());
        exchange.getResponseHeaders()
                .set("Content-Type", json == null ? "text/html; charset=UTF-8" : "application/json; charset=UTF-8");
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        rate.forEach(exchange.getResponseHeaders()::set);
        if (body.length == 0) {
            exchange.sendResponseHeaders(reply.status(), NO_BODY);
            return reply.status();
        }
        if (faults.met(Misbehaviour.SHORT_BODY, path) != null) {
            body = Arrays.copyOf(body, body.length / 2);
        }
        String accepted = call.header("Accept-Encoding");
        if (accepted != null && accepted.contains("gzip")) {
            body = zipped(body);
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        }
        exchange.sendResponseHeaders(reply.status(), body.length);
        OutputStream out = exchange.getResponseBody();
        int half = body.length / 2;
        if (faults.met(Misbehaviour.CUT_BODY, path) != null) {
            out.write(body, 0, half);
            out.flush();
            return reply.status();
        }
        Fault slow = faults.met(Misbehaviour.SLOW_BODY, path);
        if (slow != null) {
            out.write(body, 0, half);
            out.flush();
            pause(slow.delay());
            out.write(body, half, body.length - half);
        } else {
            out.write(body);
        }
        out.close();
        return reply.status();
    }

    static void pause(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    private static byte[] zipped(byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 3 + 64);
        try (GZIPOutputStream gzip = new Fast(bytes)) {
            gzip.write(body);
        }
        return bytes.toByteArray();
    }

    private static final class Fast extends GZIPOutputStream {
        Fast(OutputStream out) throws IOException {
            super(out, 1 << 13);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
