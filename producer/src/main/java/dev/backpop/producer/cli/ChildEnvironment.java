package dev.backpop.producer.cli;

import dev.backpop.plan.TargetSource;
import dev.backpop.settings.Settings;
import java.util.Map;

/** Tells a child process where the stores are: by its environment, which, unlike its arguments, others cannot read. */
final class ChildEnvironment {
    private ChildEnvironment() {}

    static void fill(Map<String, String> variables, Settings settings, TargetSource target) {
        put(variables, Settings.REDIS_URL, settings.redisUrl());
        put(variables, Settings.REDIS_PREFIX, settings.redisPrefix());
        put(variables, Settings.TARGET_URL, target.url());
        String user = target.user();
        if (user != null) {
            put(variables, Settings.TARGET_USER, user);
        }
        String password = target.password();
        if (password != null) {
            put(variables, Settings.TARGET_PASSWORD, password);
        }
    }

    private static void put(Map<String, String> variables, String name, String value) {
        variables.remove(name + "_FILE");
        variables.put(name, value);
    }
}
