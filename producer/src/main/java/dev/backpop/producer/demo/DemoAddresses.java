package dev.backpop.producer.demo;

import dev.backpop.settings.Environment;
import dev.backpop.settings.Settings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the demo's stores are, once they are all there.
 *
 * @param settings with everything set
 * @param legacyUrl with its credentials
 */
record DemoAddresses(Settings settings, String legacyUrl) {
    /** What the stores' addresses are taken from. Whatever is set here reaches the workers, and nothing else of these. */
    private static final List<String> VARIABLES = List.of(
            Settings.REDIS_URL,
            Settings.REDIS_PREFIX,
            Settings.TARGET_URL,
            Settings.TARGET_USER,
            Settings.TARGET_PASSWORD,
            DemoPlan.LEGACY_URL);

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
            if (VARIABLES.contains(variable)) {
                return value(name);
            }
            return environment.apply(name);
        });
    }

    /** Puts the addresses into the environment of a process that is about to start. */
    void putInto(Map<String, String> environment) {
        for (String variable : VARIABLES) {
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
            case DemoPlan.LEGACY_URL -> legacyUrl;
            default -> null;
        };
    }
}
