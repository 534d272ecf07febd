package dev.backpop.queue;

import dev.backpop.problem.InvalidInputException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/**
 * Where Redis is. Its text form has no secrets.
 *
 * @param scheme one of redis, redis-sentinel, redis-cluster, or these with rediss for TLS
 * @param user null for the default user
 * @param password null for none
 * @param hosts one for redis, else any number
 * @param master the Sentinel master's name; null for the others
 */
record RedisUrl(
        String scheme,
        @Nullable String user,
        @Nullable String password,
        List<HostAndPort> hosts,
        @Nullable String master,
        int database) {
    private static final String FORMS = "write redis://host:port/db (rediss:// for TLS),"
            + " redis-sentinel://host:port,host:port/MASTER"
            + " or redis-cluster://host:port,host:port, each with USER:PASSWORD and an at sign before the first host"
            + " in --redis-url or BACKPOP_REDIS_URL; percent-encode / @ and : in a password";
    private static final int DEFAULT_PORT = 6379;
    private static final int DEFAULT_SENTINEL_PORT = 26379;

    RedisUrl {
        hosts = List.copyOf(hosts);
    }

    /** @throws InvalidInputException when it is none of the forms; the message does not repeat it, it may hold a secret */
    static RedisUrl parse(String url) {
        int schemeEnd = url.indexOf("://");
        String scheme = schemeEnd < 0 ? "" : url.substring(0, schemeEnd);
        String kind = scheme.replaceFirst("^rediss", "redis");
        if (!Set.of("redis", "redis-sentinel", "redis-cluster").contains(kind)) {
            throw wrong("does not start with redis://, rediss://, redis-sentinel:// or redis-cluster://");
        }
        String rest = url.substring(schemeEnd + 3);
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        String path = slash < 0 ? "" : rest.substring(slash + 1);
        int at = authority.lastIndexOf('@');
        String user = null;
        String password = null;
        if (at >= 0) {
            String credentials = authority.substring(0, at);
            int colon = credentials.indexOf(':');
            if (colon < 0) {
                throw wrong("has no colon before its @; a password alone is written :password@");
            }
            user = colon == 0 ? null : decode(credentials.substring(0, colon));
            password = decode(credentials.substring(colon + 1));
        }
        boolean sentinel = kind.equals("redis-sentinel");
        List<HostAndPort> hosts = hosts(authority.substring(at + 1), sentinel ? DEFAULT_SENTINEL_PORT : DEFAULT_PORT);
        if (kind.equals("redis") && hosts.size() > 1) {
            throw wrong("names several hosts, which only redis-sentinel:// and redis-cluster:// may");
        }
        if (sentinel && path.isEmpty()) {
            throw wrong("does not name the Sentinel master");
        }
        if (kind.equals("redis-cluster") && !path.isEmpty()) {
            throw wrong("has a path, but a cluster has no databases");
        }
        int database = kind.equals("redis") ? database(path) : 0;
        return new RedisUrl(scheme, user, password, hosts, sentinel ? decode(path) : null, database);
    }

    boolean secure() {
        return scheme.startsWith("rediss");
    }

    boolean sentinel() {
        return scheme.endsWith("-sentinel");
    }

    boolean cluster() {
        return scheme.endsWith("-cluster");
    }

    Set<HostAndPort> hostSet() {
        return new LinkedHashSet<>(hosts);
    }

    /** {@code host:port}, or several separated by commas. */
    String where() {
        return hosts.stream().map(HostAndPort::toString).collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        String path = master != null ? "/" + master : database > 0 ? "/" + database : "";
        return scheme + "://" + where() + path;
    }

    private static List<HostAndPort> hosts(String text, int defaultPort) {
        return java.util.Arrays.stream(text.split(",", -1))
                .map(host -> host(host, defaultPort))
                .collect(Collectors.toList());
    }

    private static HostAndPort host(String text, int defaultPort) {
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > text.lastIndexOf(']') && (text.startsWith("[") || text.indexOf(':') == colon);
        String host = hasPort ? text.substring(0, colon) : text;
        int port = hasPort ? number(text.substring(colon + 1), "port") : defaultPort;
        if (host.isBlank() || port < 1 || port > 65_535) {
            throw wrong("names no host, or a port that is not between 1 and 65535");
        }
        return new HostAndPort(host.replace("[", "").replace("]", ""), port);
    }

    private static int database(String path) {
        return path.isEmpty() ? 0 : number(path, "database");
    }

    private static int number(String text, String what) {
        if (!text.matches("\\d{1,5}")) {
            throw wrong("has a " + what + " that is no number");
        }
        return Integer.parseInt(text);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw wrong("has a % that is no percent-encoding; write %25 for a % itself");
        }
    }

    private static InvalidInputException wrong(String what) {
        return new InvalidInputException("the Redis URL " + what + "; " + FORMS);
    }
}
