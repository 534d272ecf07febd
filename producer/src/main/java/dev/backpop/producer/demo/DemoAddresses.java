package dev.backpop.producer.demo;

import dev.backpop.postgres.PostgresAddress;
import dev.backpop.settings.Environment;
import dev.backpop.settings.Settings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the demo's stores are, once they are all there.
 *
 * @param settings with everything set
 * @param legacyVariables what the plan takes the legacy store from, {@link DemoPlan#LEGACY_URL} among it, credentials too
 */
record DemoAddresses(Settings settings, Map<String, String> legacyVariables) {
    /** What the stores' addresses are taken from. Whatever is set here reaches the workers, and nothing else of these. */
    private static final List<String> VARIABLES = List.of(
            Settings.REDIS_URL,
            Settings.REDIS_PREFIX,
            Settings.TARGET_URL,
            Settings.TARGET_USER,
            Settings.TARGET_PASSWORD);

    DemoAddresses {
        legacyVariables = Map.copyOf(legacyVariables);
    }

    /** With its credentials, where it is a database. */
    String legacyUrl() {
        return String.valueOf(legacyVariables.get(DemoPlan.LEGACY_URL));
    }

    /** Where the legacy store is a database. */
    PostgresAddress legacy() {
        return PostgresAddress.parse("legacy", legacyUrl(), null, null);
    }

    PostgresAddress target() {
        return PostgresAddress.parse(
                "target", settings.target().url(), settings.targetUser(), settings.targetPassword());
    }

    Connection connectLegacy() throws SQLException {
        return connect(legacy());
    }

    Connection connectTarget() throws SQLException {
        return connect(target());
    }

    private static Connection connect(PostgresAddress address) throws SQLException {
        Properties properties = new Properties();
        if (address.user() != null) {
            properties.setProperty("user", address.user());
        }
        if (address.password() != null) {
            properties.setProperty("password", address.password());
        }
        return DriverManager.getConnection(address.jdbcUrl(), properties);
    }

    /** The legacy database's URL where only the target's is known: the same database. */
    static String sameDatabase(Settings settings) {
        String url = String.valueOf(settings.targetUrl());
        StringBuilder withUser = new StringBuilder(url);
        append(withUser, "user", settings.targetUser());
        append(withUser, "password", settings.targetPassword());
        return withUser.toString();
    }

    private static void append(StringBuilder url, String parameter, @Nullable String value) {
        if (value != null) {
            url.append(url.indexOf("?") < 0 ? '?' : '&')
                    .append(parameter)
                    .append('=')
                    .append(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
        }
    }

    /** As this process's own environment would be, had the addresses been given there. */
    Environment over(Function<String, @Nullable String> environment) {
        return new Environment(name -> {
            String variable = name.endsWith("_FILE") ? name.substring(0, name.length() - "_FILE".length()) : name;
            if (VARIABLES.contains(variable) || legacyVariables.containsKey(variable)) {
                return value(name);
            }
            return environment.apply(name);
        });
    }

    /** Puts the addresses into the environment of a process that is about to start. */
    void putInto(Map<String, String> environment) {
        List<String> variables = new ArrayList<>(VARIABLES);
        variables.addAll(legacyVariables.keySet());
        for (String variable : variables) {
            environment.remove(variable);
            environment.remove(variable + "_FILE");
            String value = value(variable);
            if (value != null) {
                environment.put(variable, value);
            }
        }
    }

    private @Nullable String value(String variable) {
        return switch (variable) {
            case Settings.REDIS_URL -> settings.redisUrl();
            case Settings.REDIS_PREFIX -> settings.redisPrefix();
            case Settings.TARGET_URL -> settings.targetUrl();
            case Settings.TARGET_USER -> settings.targetUser();
            case Settings.TARGET_PASSWORD -> settings.targetPassword();
            default -> legacyVariables.get(variable);
        };
    }
}
