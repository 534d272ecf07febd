package dev.backpop.producer.cli;

import dev.backpop.command.ExitCode;
import dev.backpop.producer.driver.Session;
import dev.backpop.producer.text.Text;
import dev.backpop.queue.WorkerStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code backpop workers}. */
@Command(name = "workers", description = "Lists the workers that are alive, and what they are doing.")
final class WorkersCommand extends SessionCommand {
    static final String START_ONE =
            "start one, here or on any machine that reaches Redis and both databases: backpop worker";

    private static final List<String> HEADERS =
            List.of("worker", "host", "pid", "version", "state", "lanes", "current chunks", "up for", "problem");
    private static final int MOST_CURRENT = 3;
    private static final int LONGEST_PROBLEM = 120;

    @Mixin
    private JsonOption json = new JsonOption();

    WorkersCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    int run(Session session, Output output) {
        List<WorkerStatus> workers = session.dispatch().heartbeats().alive().stream()
                .sorted(Comparator.comparing(WorkerStatus::host).thenComparing(WorkerStatus::name))
                .toList();
        if (json.isJson()) {
            workers.forEach(worker -> output.json(Line.of(worker)));
        } else if (workers.isEmpty()) {
            output.note("No worker is alive; " + START_ONE);
        } else {
            output.table(HEADERS, workers.stream().map(this::cells).toList());
        }
        return ExitCode.CLEAN;
    }

    private List<@Nullable Object> cells(WorkerStatus worker) {
        String problem = worker.problem();
        return Arrays.asList(
                worker.name(),
                worker.host(),
                // No separators: it is a name, and people copy it.
                Long.toString(worker.pid()),
                worker.version(),
                worker.state(),
                worker.lanes(),
                current(worker.current()),
                CampaignWords.age(Instant.ofEpochMilli(worker.startedAtMillis()), surroundings.clock()),
                problem == null ? null : Text.cut(Text.printable(problem), LONGEST_PROBLEM));
    }

    private static @Nullable String current(List<String> chunks) {
        if (chunks.isEmpty()) {
            return null;
        }
        String first = String.join(" ", chunks.subList(0, Math.min(MOST_CURRENT, chunks.size())));
        return chunks.size() <= MOST_CURRENT ? first : first + " and " + (chunks.size() - MOST_CURRENT) + " more";
    }

    private record Line(
            String name,
            String host,
            long pid,
            String version,
            String state,
            int lanes,
            List<String> current,
            Instant startedAt,
            @Nullable String problem) {
        static Line of(WorkerStatus worker) {
            return new Line(
                    worker.name(),
                    worker.host(),
                    worker.pid(),
                    worker.version(),
                    worker.state(),
                    worker.lanes(),
                    worker.current(),
                    Instant.ofEpochMilli(worker.startedAtMillis()),
                    worker.problem());
        }
    }
}
