package dev.backpop.queue;

import dev.backpop.problem.InvalidInputException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a Redis server will do, by what its {@code INFO} says: {@code CONFIG} is forbidden in many places. */
final class ServerCheck {
    private static final Logger LOG = LoggerFactory.getLogger(ServerCheck.class);

    private ServerCheck() {}

    /** @throws InvalidInputException when it is older than 6.2 or evicts keys */
    static void check(String where, String server, String memory) {
        String version = field(server, "redis_version").orElse("");
        String[] parts = version.split("\\.", -1);
        if (version.matches("\\d{1,4}\\.\\d{1,4}(\\..*)?")) {
            int major = Integer.parseInt(parts[0]);
            if (major < 6 || (major == 6 && Integer.parseInt(parts[1]) < 2)) {
                throw new InvalidInputException("Redis at " + where + " is version " + version
                        + ", but 6.2 or newer is needed; name a newer one with --redis-url or BACKPOP_REDIS_URL");
            }
        } else {
            LOG.warn("Redis at {} does not say its version; 6.2 or newer is needed", where);
        }
        String policy = field(memory, "maxmemory_policy").orElse("noeviction");
        if (policy.equals("noeviction")) {
            return;
        }
        if (field(memory, "maxmemory").orElse("0").equals("0")) {
            LOG.warn(
                    "Redis at {} has maxmemory-policy {}, harmless only while maxmemory is 0; CONFIG SET maxmemory-policy"
                            + " noeviction",
                    where,
                    policy);
            return;
        }
        throw new InvalidInputException("Redis at " + where + " has maxmemory-policy " + policy
                + " and would drop queued work when memory is short; run CONFIG SET maxmemory-policy noeviction"
                + " and put it into its configuration");
    }

    private static Optional<String> field(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).trim())
                .findFirst();
    }
}
