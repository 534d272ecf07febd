package dev.backpop.producer.cli;

import dev.backpop.plan.TargetSource;
import dev.backpop.settings.Settings;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells a child process where the stores are: by its environment, which, unlike its arguments, others cannot read. */
final class ChildEnvironment {
    private ChildEnvironment() {}

    static void fill(Map<String, String> variables, Settings settings, TargetSource target) {
        put(variables, Settings.REDIS_URL, settings.redisUrl());
        put(variables, Settings.REDIS_PREFIX, settings.redisPrefix());
        put(variables, Settings.TARGET_URL, target.url());
        put(variables, Settings.TARGET_USER, target.user());
        put(variables, Settings.TARGET_PASSWORD, target.password());
    }

    /** @param value null where there is none, whatever this process has: the store may be another one */
    private static void put(Map<String, String> variables, String name, @Nullable String value) {
        variables.remove(name);
        variables.remove(name + "_FILE");
        if (value != null) {
            variables.put(name, value);
        }
    }
}
