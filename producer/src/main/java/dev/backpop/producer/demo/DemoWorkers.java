package dev.backpop.producer.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The demo's worker processes. For one thread. */
final class DemoWorkers {
    private static final List<String> OPTIONS =
            List.of("--lanes", "2", "--health-port", "0", "--with-parent", "--grace", "2");

    private final UnaryOperator<List<String>> command;
    private final DemoAddresses addresses;
    private final DemoScratch scratch;
    private final DemoStage stage;
    private final List<DemoWorker> all = new ArrayList<>();

    /** @param command the command line of a worker with given options */
    DemoWorkers(UnaryOperator<List<String>> command, DemoAddresses addresses, DemoScratch scratch, DemoStage stage) {
        this.command = command;
        this.addresses = addresses;
        this.scratch = scratch;
        this.stage = stage;
    }

    DemoWorker start() {
        Path folder = scratch.folder();
        int number = all.size() + 1;
        DemoWorker worker =
                stage.open(() -> DemoWorker.start(number, command.apply(OPTIONS), addresses, folder), DemoWorker::stop);
        all.add(worker);
        scratch.remember(worker.handle());
        return worker;
    }

    /** One of those that are alive; empty when there are not so many. */
    Optional<DemoWorker> alive(int place) {
        return all.stream().filter(DemoWorker::alive).skip(place).findFirst();
    }

    int countAlive() {
        return (int) all.stream().filter(DemoWorker::alive).count();
    }

    /**
     * Makes sure that the demo can go on.
     *
     * @throws DemoStoppedException when it was told to stop
     * @throws DemoFailedException when a worker ended though nobody killed it, with its last words
     */
    void check() {
        stage.check();
        for (DemoWorker worker : all) {
            if (worker.lost()) {
                throw new DemoFailedException(worker.name() + " ended by itself; the last that it said:\n  "
                        + String.join("\n  ", worker.lastWords()));
            }
        }
    }

    /** For people: who that is in the ledger. */
    String nameOf(String worker) {
        return all.stream()
                .filter(known -> known.is(worker))
                .findFirst()
                .map(DemoWorker::name)
                .orElse(worker);
    }
}
