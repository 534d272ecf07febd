package dev.backpop.standin;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The faults that a server has now, and whether a request meets one. Thread-safe. */
final class Faults {
    private record Active(Fault fault, AtomicLong left) {
        boolean isMet() {
            return fault.requests() < 0 || left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
        }
    }

    private static final Chance CHANCE = new Chance(1).of("fault");

    private final AtomicLong draws = new AtomicLong();
    private volatile List<Active> active = List.of();

    void set(List<Fault> faults) {
        active = faults.stream()
                .map(fault -> new Active(fault, new AtomicLong(fault.requests())))
                .toList();
    }

    /** The fault of this kind that a request meets now; null for none. */
    @Nullable
    Fault met(Misbehaviour kind, String path) {
        for (Active one : active) {
            Fault fault = one.fault();
            if (fault.kind() == kind
                    && path.startsWith(fault.path())
                    && CHANCE.share(draws.incrementAndGet()) < fault.share()
                    && one.isMet()) {
                return fault;
            }
        }
        return null;
    }

    /** The fault of this kind that an answer about ids meets; which ids is for {@link #drops} to say. */
    @Nullable
    Fault metByIds(Misbehaviour kind, String path) {
        for (Active one : active) {
            if (one.fault().kind() == kind && path.startsWith(one.fault().path()) && one.isMet()) {
                return one.fault();
            }
        }
        return null;
    }

    static boolean drops(@Nullable Fault fault, long id) {
        return fault != null && CHANCE.of("ids").share(id) < fault.share();
    }
}
