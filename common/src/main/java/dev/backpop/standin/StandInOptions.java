package dev.backpop.standin;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a stand-in server is started with.
 *
 * @param port on the loopback address; 0 for any that is free
 * @param things it closes them with itself
 * @param allowance null for as many requests as anybody likes, and no rate headers
 * @param latency before every answer about things
 * @param childrenPerCall comments in one answer of {@code morechildren}: 20 as Open Discussions' server has it, 100 as
 *     reddit.com
 * @param faults with which it starts
 * @param nanoTime the server's clock
 */
public record StandInOptions(
        int port,
        Things things,
        Account account,
        @Nullable Allowance allowance,
        Duration latency,
        int childrenPerCall,
        List<Fault> faults,
        LongSupplier nanoTime) {
    static final int OLD_CHILDREN = 20;

    public StandInOptions {
        faults = List.copyOf(faults);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is " + port + "; it must be between 0 and 65535");
        }
        if (latency.isNegative()) {
            throw new IllegalArgumentException("latency is " + latency + "; it must not be negative");
        }
        if (childrenPerCall < 1) {
            throw new IllegalArgumentException("childrenPerCall is " + childrenPerCall + "; it must be at least 1");
        }
    }

    /** Any port, the standard account, no allowance, no latency, no faults, and Open Discussions' server's limits. */
    public static StandInOptions of(Things things) {
        return new StandInOptions(
                0, things, Account.standard(), null, Duration.ZERO, OLD_CHILDREN, List.of(), System::nanoTime);
    }

    public StandInOptions withPort(int changed) {
        return new StandInOptions(changed, things, account, allowance, latency, childrenPerCall, faults, nanoTime);
    }

    public StandInOptions withThings(Things changed) {
        return new StandInOptions(port, changed, account, allowance, latency, childrenPerCall, faults, nanoTime);
    }

    public StandInOptions withAccount(Account changed) {
        return new StandInOptions(port, things, changed, allowance, latency, childrenPerCall, faults, nanoTime);
    }

    public StandInOptions withAllowance(@Nullable Allowance changed) {
        return new StandInOptions(port, things, account, changed, latency, childrenPerCall, faults, nanoTime);
    }

    public StandInOptions withLatency(Duration changed) {
        return new StandInOptions(port, things, account, allowance, changed, childrenPerCall, faults, nanoTime);
    }

    public StandInOptions withChildrenPerCall(int changed) {
        return new StandInOptions(port, things, account, allowance, latency, changed, faults, nanoTime);
    }

    public StandInOptions withFaults(List<Fault> changed) {
        return new StandInOptions(port, things, account, allowance, latency, childrenPerCall, changed, nanoTime);
    }

    public StandInOptions withNanoTime(LongSupplier changed) {
        return new StandInOptions(port, things, account, allowance, latency, childrenPerCall, faults, changed);
    }
}
