package dev.backpop.producer.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Collects a line an attack, and says them all when the suite ends, also in {@code target/chaos.txt}. */
final class OutcomeTable implements BeforeAllCallback {
    private static final List<Outcome> OUTCOMES = new CopyOnWriteArrayList<>();
    private static final List<String> NOTES = new CopyOnWriteArrayList<>();

    /** Keeps an outcome and prints it. */
    static Outcome add(Outcome outcome) {
        OUTCOMES.add(outcome);
        System.out.println(Outcome.heading() + System.lineSeparator() + outcome);
        return outcome;
    }

    /** A figure that has no column. */
    static void note(String note) {
        NOTES.add(note);
        System.out.println(note);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        ExtensionContext.Store store =
                context.getRoot().getStore(ExtensionContext.Namespace.create(OutcomeTable.class));
        // The root store closes what it holds when the last class of the run has ended.
        store.computeIfAbsent(AtTheEnd.class, key -> new AtTheEnd(), AtTheEnd.class);
        Scene.assumeBuilt();
        // Before the clock of the first attack runs.
        assertThat(Undisturbed.books().keys()).isEqualTo(Things.ROWS);
    }

    private static final class AtTheEnd implements AutoCloseable {
        @Override
        public void close() throws IOException {
            List<String> lines = new ArrayList<>();
            lines.add(Outcome.heading());
            OUTCOMES.stream().map(Outcome::toString).sorted().forEach(lines::add);
            lines.addAll(NOTES);
            lines.forEach(System.out::println);
            Path folder = Path.of(System.getProperty("backpop.root", ".."), "target");
            Files.createDirectories(folder);
            Files.write(folder.resolve("chaos.txt"), lines);
        }
    }
}
