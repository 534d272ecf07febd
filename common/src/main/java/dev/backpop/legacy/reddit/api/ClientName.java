package dev.backpop.legacy.reddit.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.backpop.plan.LegacySource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What processes call a client of a Reddit server among themselves. Of its id only a digest is shown.
 *
 * @param store the server and the client: what has one allowance
 */
record ClientName(String store) {
    private static final int DIGITS = 12;

    static ClientName of(LegacySource.Reddit source) {
        String host = source.url().getHost().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.-]", "-");
        int port = source.url().getPort();
        return new ClientName("reddit-" + host + (port < 0 ? "" : "-" + port) + "-"
                + digest(source.login().clientId()).substring(0, DIGITS));
    }

    static String digest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
