package dev.backpop.settings;

import dev.backpop.plan.TargetSource;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the stores are, as flags and environment say it; the plan file fills in what they do not.
 *
 * @param redisUrl may hold credentials, so it is never printed whole
 * @param redisPrefix what every Redis key starts with
 * @param targetUrl null when only the plan says it
 * @param targetUser null when only the plan or the URL says it
 * @param targetPassword null when only the plan or the URL says it
 */
public record Settings(
        String redisUrl,
        String redisPrefix,
        @Nullable String targetUrl,
        @Nullable String targetUser,
        @Nullable String targetPassword) {
    public static final String REDIS_URL = "BACKPOP_REDIS_URL";
    public static final String REDIS_PREFIX = "BACKPOP_REDIS_PREFIX";
    public static final String TARGET_URL = "BACKPOP_TARGET_URL";
    public static final String TARGET_USER = "BACKPOP_TARGET_USER";
    public static final String TARGET_PASSWORD = "BACKPOP_TARGET_PASSWORD";

    public static final String DEFAULT_REDIS_URL = "redis://127.0.0.1:6379";
    public static final String DEFAULT_REDIS_PREFIX = "backpop";

    /** No braces: they would move the hash tag that keeps a campaign's keys in one slot. */
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_.:-]{1,64}");

    public Settings {
        if (!PREFIX.matcher(redisPrefix).matches()) {
            throw new InvalidInputException(List.of(new Problem(
                    "--redis-prefix (" + REDIS_PREFIX + ")",
                    "\"" + redisPrefix + "\" is not a prefix: use up to 64 letters, digits and _ . : -")));
        }
    }

    /**
     * What the command line says.
     *
     * @param redisUrl null when not given, as the others
     */
    public record Flags(
            @Nullable String redisUrl,
            @Nullable String redisPrefix,
            @Nullable String targetUrl) {
        public static final Flags NONE = new Flags(null, null, null);

        @Override
        public String toString() {
            return "Flags[…]";
        }
    }

    /**
     * Flags first, then the environment, then the defaults.
     *
     * @throws InvalidInputException when a setting is not usable, naming it
     */
    public static Settings of(Flags flags, Environment environment) {
        String redisUrl = first(flags.redisUrl(), environment, REDIS_URL);
        String redisPrefix = first(flags.redisPrefix(), environment, REDIS_PREFIX);
        return new Settings(
                redisUrl == null ? DEFAULT_REDIS_URL : redisUrl,
                redisPrefix == null ? DEFAULT_REDIS_PREFIX : redisPrefix,
                first(flags.targetUrl(), environment, TARGET_URL),
                environment.apply(TARGET_USER),
                environment.apply(TARGET_PASSWORD));
    }

    /** The target of a plan, with whatever flags and environment say put over it, setting by setting. */
    public TargetSource over(TargetSource fromPlan) {
        return new TargetSource(
                targetUrl == null ? fromPlan.url() : targetUrl,
                targetUser == null ? fromPlan.user() : targetUser,
                targetPassword == null ? fromPlan.password() : targetPassword,
                fromPlan.statementTimeout());
    }

    /**
     * The target for commands that have no plan file.
     *
     * @throws InvalidInputException when neither flag nor environment says where it is
     */
    public TargetSource target() {
        if (targetUrl == null) {
            throw new InvalidInputException(List.of(new Problem(
                    "--target-url (" + TARGET_URL + ")",
                    "not set: say which database holds the ledger, such as postgresql://host/database")));
        }
        return new TargetSource(targetUrl, targetUser, targetPassword);
    }

    @Override
    public String toString() {
        return "Settings[…]";
    }

    private static @Nullable String first(@Nullable String flag, Environment environment, String variable) {
        return flag == null || flag.isEmpty() ? environment.apply(variable) : flag;
    }
}
