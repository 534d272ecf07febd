package dev.backpop.standin;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that was read.
 *
 * @param path without a slash at its end and without {@code .json}
 * @param parameters of the address and of a form; of one name the form's counts
 * @param body what came with it, a form too
 */
record Call(String method, String path, Map<String, String> parameters, String body, HttpExchange exchange) {
    static final int LONGEST_BODY = 1 << 20;

    /** Null when the body is too long. */
    static @Nullable Call read(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
        if (bytes.length > LONGEST_BODY) {
            return null;
        }
        String body = new String(bytes, StandardCharsets.UTF_8);
        Map<String, String> parameters = new HashMap<>();
        putAll(parameters, exchange.getRequestURI().getRawQuery());
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type != null && type.startsWith("application/x-www-form-urlencoded")) {
            putAll(parameters, body);
        }
        String path = exchange.getRequestURI().getPath();
        while (path.endsWith("/") && path.length() > 1) {
            path = path.substring(0, path.length() - 1);
        }
        if (path.endsWith(".json")) {
            path = path.substring(0, path.length() - ".json".length());
        }
        return new Call(exchange.getRequestMethod(), path, parameters, body, exchange);
    }

    private static void putAll(Map<String, String> parameters, @Nullable String encoded) {
        if (encoded == null || encoded.isEmpty()) {
            return;
        }
        for (String pair : encoded.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            parameters.put(decoded(name), decoded(value));
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    @Nullable
    String parameter(String name) {
        return parameters.get(name);
    }

    String parameter(String name, String otherwise) {
        return parameters.getOrDefault(name, otherwise);
    }

    /** Kept between two bounds; a text that is no number counts as not given. */
    int number(String name, int otherwise, int least, int most) {
        String text = parameters.getOrDefault(name, "");
        if (!text.matches("-?[0-9]{1,9}")) {
            return otherwise;
        }
        return Math.max(least, Math.min(most, Integer.parseInt(text)));
    }

    @Nullable
    String header(String name) {
        return exchange.getRequestHeaders().getFirst(name);
    }

    boolean isRaw() {
        return "1".equals(parameter("raw_json"));
    }

    /** The path's words. */
    List<String> words() {
        List<String> words = new ArrayList<>(List.of(path.split("/", -1)));
        words.removeIf(String::isEmpty);
        return words;
    }
}
