package dev.backpop.postgres;

import dev.backpop.problem.InvalidInputException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL database is and who we are there.
 *
 * @param jdbcUrl as the driver takes it, without credentials
 * @param user null to leave it to the driver
 * @param password null for none; never printed
 * @param display host, port and database, for messages
 */
public record PostgresAddress(
        String jdbcUrl, @Nullable String user, @Nullable String password, String display) {
    private static final String JDBC = "jdbc:";
    private static final Pattern HOST = Pattern.compile("(\\[[^\\]]+]|[^:\\[\\]]*)(:\\d*)?");

    /**
     * Reads a URL as people have it: {@code postgresql://user:password@host:port/database?parameters}, the same with
     * {@code postgres:} or with {@code jdbc:} before it.
     *
     * @param what which database this is, for messages: {@code target}, {@code legacy}
     * @param user overrides the URL's user when not null
     * @param password overrides the URL's password when not null
     * @throws InvalidInputException when the URL cannot be read; the message does not hold it
     */
    public static PostgresAddress parse(String what, String url, @Nullable String user, @Nullable String password) {
        String bare = url.startsWith(JDBC) ? url.substring(JDBC.length()) : url;
        URI uri;
        try {
            uri = new URI(bare);
        } catch (URISyntaxException e) {
            // Not kept as the cause: its message repeats the URL, which may hold a password.
            throw malformed(what, e.getReason());
        }
        String scheme = uri.getScheme();
        if (scheme == null || !(scheme.equals("postgresql") || scheme.equals("postgres"))) {
            throw malformed(what, "it does not start with postgresql:// or jdbc:postgresql://");
        }
        String authority = uri.getRawAuthority();
        if (authority == null) {
            throw malformed(what, "it names no host");
        }
        String hosts = authority.substring(authority.lastIndexOf('@') + 1);
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        refuseStrayPassword(what, uri, hosts, path);
        String foundUser = user;
        String foundPassword = password;
        if (authority.contains("@")) {
            String[] credentials =
                    authority.substring(0, authority.lastIndexOf('@')).split(":", 2);
            foundUser = foundUser == null ? decode(credentials[0]) : foundUser;
            foundPassword = foundPassword == null && credentials.length == 2 ? decode(credentials[1]) : foundPassword;
        }
        StringBuilder parameters = new StringBuilder();
        if (uri.getRawQuery() != null) {
            for (String parameter : uri.getRawQuery().split("&", -1)) {
                String[] pair = parameter.split("=", 2);
                String value = pair.length == 2 ? pair[1] : "";
                if (pair[0].equals("user")) {
                    foundUser = foundUser == null ? decode(value) : foundUser;
                } else if (pair[0].equals("password")) {
                    foundPassword = foundPassword == null ? decode(value) : foundPassword;
                } else {
                    parameters.append(parameters.isEmpty() ? '?' : '&').append(parameter);
                }
            }
        }
        return new PostgresAddress(
                "jdbc:postgresql://" + hosts + path + parameters, foundUser, foundPassword, hosts + path);
    }

    /**
     * A password with an unencoded {@code /}, {@code ?} or {@code #} ends the host early, and its pieces would be taken for
     * host and database, which messages show.
     */
    private static void refuseStrayPassword(String what, URI uri, String hosts, String path) {
        boolean strayHost = Arrays.stream(hosts.split(",", -1))
                .anyMatch(host -> !HOST.matcher(host).matches());
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        boolean strayQuery =
                Arrays.stream(query.split("&", -1)).anyMatch(parameter -> parameter.split("=", 2)[0].contains("@"));
        if (strayHost
                || strayQuery
                || uri.getRawFragment() != null
                || path.contains("@")
                || path.lastIndexOf('/') > 0) {
            throw malformed(
                    what,
                    "host, port and database cannot be told apart (in a user or a password write / as %2F, ? as %3F, # as"
                            + " %23, @ as %40)");
        }
    }

    private static InvalidInputException malformed(String what, String reason) {
        return new InvalidInputException("the " + what + " database's URL cannot be read: " + reason
                + ". Write it as postgresql://user:password@host:port/database");
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return display;
    }
}
