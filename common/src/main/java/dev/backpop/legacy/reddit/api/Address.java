package dev.backpop.legacy.reddit.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.util.Map;
import java.util.stream.Collectors;

/** Web addresses and forms, escaped. */
final class Address {
    private Address() {}

    static URI of(URI server, String path, Map<String, String> query) {
        try {
            URI whole = new URI(server.getScheme(), server.getAuthority(), path, null, null);
            return URI.create(whole.toASCIIString() + "?" + encoded(query));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no path of a web address: " + path, e);
        }
    }

    static String encoded(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(entry ->
                        URLEncoder.encode(entry.getKey(), UTF_8) + "=" + URLEncoder.encode(entry.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }
}
