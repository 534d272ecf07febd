package dev.backpop.command;

import dev.backpop.settings.Environment;
import dev.backpop.settings.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that say where the stores are. */
public final class SettingsOptions {
    @Option(
            names = "--redis-url",
            paramLabel = "URL",
            description =
                    "Redis, such as redis://127.0.0.1:6379, which is the default (environment: BACKPOP_REDIS_URL).")
    private @Nullable String redisUrl;

    @Option(
            names = "--redis-prefix",
            paramLabel = "PREFIX",
            description = "What every Redis key starts with; backpop by default (environment: BACKPOP_REDIS_PREFIX).")
    private @Nullable String redisPrefix;

    @Option(
            names = "--target-url",
            paramLabel = "URL",
            description = "The target database, such as postgresql://host/database; the plan's by default (environment:"
                    + " BACKPOP_TARGET_URL, with BACKPOP_TARGET_USER and BACKPOP_TARGET_PASSWORD, each also as"
                    + " …_FILE).")
    private @Nullable String targetUrl;

    /** @throws dev.backpop.problem.InvalidInputException when a setting is not usable, naming it */
    public Settings settings(Environment environment) {
        return Settings.of(new Settings.Flags(redisUrl, redisPrefix, targetUrl), environment);
    }

    /** The environment as a plan's <code>${BACKPOP_TARGET_URL}</code> should see it: a flag stands before a variable. */
    public Environment planEnvironment(Environment environment) {
        String flag = targetUrl;
        if (flag == null || flag.isEmpty()) {
            return environment;
        }
        return new Environment(name -> {
            if (name.equals(Settings.TARGET_URL)) {
                return flag;
            }
            return name.equals(Settings.TARGET_URL + "_FILE") ? null : environment.raw(name);
        });
    }
}
