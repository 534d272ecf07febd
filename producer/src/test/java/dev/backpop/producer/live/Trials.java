package dev.backpop.producer.live;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Trials that run a few at a time, because each of them mostly waits, and are asked for one by one. */
final class Trials implements AutoCloseable {
    private static final int AT_A_TIME = 3;
    private static final long MOST_SECONDS = 300;

    private final LiveScene scene;
    private final ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
    private final Map<Trial, Future<Trial.Outcome>> outcomes = new LinkedHashMap<>();

    /** Begins with all of them. */
    Trials(LiveScene scene, List<Trial> trials) {
        this.scene = scene;
        for (Trial trial : trials) {
            outcomes.put(trial, begin(trial));
        }
    }

    private Future<Trial.Outcome> begin(Trial trial) {
        String name = "thing_" + (outcomes.size() + 1);
        return threads.submit(() -> trial.run(scene, name));
    }

    /** Waits for one to end, which begins now when it is none of those that began. */
    Trial.Outcome of(Trial trial) throws Exception {
        if (!outcomes.containsKey(trial)) {
            outcomes.put(trial, begin(trial));
        }
        Future<Trial.Outcome> outcome = requireNonNull(outcomes.get(trial));
        try {
            Trial.Outcome found = outcome.get(MOST_SECONDS, TimeUnit.SECONDS);
            System.out.println(found);
            return found;
        } catch (ExecutionException e) {
            throw new IllegalStateException(trial + " could not be run", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        scene.close();
    }
}
