package dev.backpop.producer.cli;

import dev.backpop.producer.cli.ProgressLine.Form;
import dev.backpop.producer.driver.Session;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The command {@code backpop watch}. */
@Command(
        name = "watch",
        description = {
            "Shows the progress of a campaign, or of all that are active, until they end. Leaving it changes nothing.",
            "Exits 1 when one ended with rejects, discrepancies or failed chunks, or was cancelled or failed."
        })
final class WatchCommand extends SessionCommand {
    private static final long PAUSE_MILLIS = 500;

    @Parameters(arity = "0..1", paramLabel = "ID", description = "The campaign; all that are active by default.")
    private @Nullable String id;

    @Mixin
    private JsonOption json = new JsonOption();

    WatchCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    int run(Session session, Output output) throws InterruptedException {
        Terminal terminal = surroundings.terminal();
        Form form = Form.of(terminal, json.isJson());
        try (CampaignWatch watch = new CampaignWatch(
                session, id, spec.commandLine().getOut(), form, terminal.columns(), System::nanoTime)) {
            if (id == null && session.ledger().list(true, 1).isEmpty()) {
                output.note("No campaign is active. Ended campaigns: backpop campaigns --all");
                return watch.exitCode();
            }
            while (watch.runOnce()) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
            return watch.exitCode();
        }
    }
}
