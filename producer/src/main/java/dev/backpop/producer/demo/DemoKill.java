package dev.backpop.producer.demo;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.ChunkState;
import dev.backpop.producer.driver.Session;
import dev.backpop.queue.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Kills a worker half-way through a campaign, in the middle of a chunk, and waits for the chunk to be taken over. Starts
 * another worker at once. For one thread.
 */
final class DemoKill implements DemoIncident {
    private static final double HALF_WAY = 0.4;
    private static final int MOST_TRIES = 500;
    private static final Duration WHILE_AIMING = Duration.ofMillis(5);
    /** What a frozen worker has sent before may still be on its way: a commit, above all. */
    private static final Duration SETTLING = Duration.ofMillis(250);

    private final Session session;
    private final DemoWorkers workers;
    private final DemoScreen screen;
    private final DemoPause pause;
    private final LongSupplier nanoTime;

    private final List<Integer> held = new ArrayList<>();
    private @Nullable DemoWorker victim;
    private int tries;
    private int takenOver;
    private long killedAt;
    private long aloneSince;
    private boolean alone;
    private long waitedNanos;

    DemoKill(Session session, DemoWorkers workers, DemoScreen screen, DemoPause pause, LongSupplier nanoTime) {
        this.session = session;
        this.workers = workers;
        this.screen = screen;
        this.pause = pause;
        this.nanoTime = nanoTime;
    }

    @Override
    public @Nullable String look(Campaign campaign, double done) throws InterruptedException {
        if (victim == null) {
            if (done >= HALF_WAY && tries < MOST_TRIES) {
                aim(campaign.id());
            }
            return null;
        }
        return held.isEmpty() ? null : follow(campaign.id());
    }

    @Override
    public Duration pause() {
        return victim == null ? WHILE_AIMING : Duration.ofMillis(100);
    }

    /** Freezes a worker; when it holds a chunk that is not done, and still does a moment later, kills it. */
    private void aim(String id) throws InterruptedException {
        Optional<DemoWorker> found = workers.alive(tries % 2);
        tries++;
        if (found.isEmpty()) {
            return;
        }
        DemoWorker target = found.get();
        target.freeze();
        boolean kill = false;
        try {
            if (!unfinished(id, target).isEmpty()) {
                pause.pause(SETTLING);
                held.addAll(unfinished(id, target));
                kill = !held.isEmpty();
            }
        } finally {
            if (!kill) {
                target.unfreeze();
            }
        }
        if (kill) {
            kill(target);
        }
    }

    private List<Integer> unfinished(String id, DemoWorker holder) {
        return session.dispatch().queue().leases(id).stream()
                .filter(lease -> holder.is(lease.consumer()))
                .map(Lease::chunkNo)
                .filter(number -> session.ledger()
                        .chunk(id, number)
                        .filter(chunk -> chunk.state() == ChunkState.PLANNED)
                        .isPresent())
                .sorted()
                .toList();
    }

    private void kill(DemoWorker target) {
        target.kill();
        target.awaitEnd();
        victim = target;
        killedAt = nanoTime.getAsLong();
        screen.line("  killed " + target.name() + " with SIGKILL while it held " + chunks(held));
        screen.line("  started " + workers.start().name() + " in its place");
    }

    private @Nullable String follow(String id) {
        long now = nanoTime.getAsLong();
        for (Integer number : List.copyOf(held)) {
            Optional<Chunk> chunk = session.ledger().chunk(id, number);
            if (chunk.isPresent() && chunk.get().state() == ChunkState.DONE) {
                held.remove(number);
                takenOver++;
                screen.line("  chunk " + number + " was taken over by "
                        + workers.nameOf(String.valueOf(chunk.get().worker())) + " "
                        + seconds(now - killedAt) + " after the kill, once its lease had run out");
            }
        }
        if (held.isEmpty()) {
            waitedNanos = alone ? now - aloneSince : 0;
            return null;
        }
        if (!alone && session.dispatch().queue().backlog(id).outstanding() <= held.size()) {
            alone = true;
            aloneSince = now;
        }
        return "waiting for the dead worker's lease of " + chunks(held) + " to run out";
    }

    /** How long there was nothing to do but to wait for the dead worker's leases to run out. */
    Duration waited() {
        return Duration.ofNanos(waitedNanos);
    }

    /** What is wrong with how it went, for people; empty when nothing is. */
    List<String> differences() {
        if (victim == null) {
            return List.of("no worker was ever found in the middle of a chunk, so none was killed");
        }
        return held.isEmpty() && takenOver > 0
                ? List.of()
                : List.of("nobody took over " + chunks(held) + " of the worker that was killed");
    }

    private static String chunks(List<Integer> numbers) {
        StringBuilder text = new StringBuilder(numbers.size() == 1 ? "chunk " : "chunks ");
        for (int i = 0; i < numbers.size(); i++) {
            text.append(i == 0 ? "" : i == numbers.size() - 1 ? " and " : ", ").append(numbers.get(i));
        }
        return text.toString();
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }
}
