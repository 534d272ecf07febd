package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignSettings;
import dev.backpop.command.ExitCode;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import dev.backpop.producer.driver.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The command {@code backpop set}. */
@Command(
        name = "set",
        description = {
            "Changes settings of a campaign while it runs, all of those given or none; without any, lists what there is.",
            "  lanes=4               chunks that run at a time, over all workers",
            "  rate=500              rows per second, over all workers",
            "  chunk_time=500ms      how long a chunk should take (1s)",
            "  replica_lag=30s, wraparound_autovacuum=false, unarchived_wal=100, active_backends=0.9, lock_waits=50,",
            "  query='SELECT …'      beyond what the campaign holds, as in the plan's section holds",
            "null switches one off; default goes back to what the plan, or Backpop, has.",
            "Chunks that workers have begun are finished as they are; chunks that are planned keep their size."
        })
final class SetCommand extends SessionCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "The campaign.")
    private String id = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "NAME=VALUE", description = "What to change.")
    private List<String> changes = new ArrayList<>();

    @Mixin
    private JsonOption json = new JsonOption();

    SetCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    int run(Session session, Output output) {
        Map<String, String> texts = texts();
        Campaign before = session.office().require(id);
        Campaign campaign = texts.isEmpty() ? before : session.office().set(id, texts);
        List<SettingLine> lines = SettingLine.all(campaign, surroundings.environment());
        if (json.isJson()) {
            lines.forEach(output::json);
        } else if (texts.isEmpty()) {
            output.table(
                    List.of("SETTING", "VALUE", "WITHOUT SET"),
                    lines.stream()
                            .map(line -> List.of(line.name(), line.value(), line.planned()))
                            .toList());
        } else {
            List<SettingLine> earlier = SettingLine.all(before, surroundings.environment());
            for (int i = 0; i < lines.size(); i++) {
                SettingLine line = lines.get(i);
                if (texts.containsKey(line.name())) {
                    output.line(id + ": " + line.name() + " is " + line.words(line.value()) + " now; it was "
                            + line.words(earlier.get(i).value()) + ", and is " + line.words(line.planned())
                            + " by default");
                }
            }
        }
        return ExitCode.CLEAN;
    }

    /** The last of those of one name counts, as in a shell. */
    private Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (String change : changes) {
            int equals = change.indexOf('=');
            if (equals < 1) {
                problems.add(new Problem(
                        "",
                        "\"" + change + "\" is no NAME=VALUE; names are: "
                                + String.join(", ", CampaignSettings.names())));
            } else {
                texts.put(
                        change.substring(0, equals).strip(),
                        change.substring(equals + 1).strip());
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        return texts;
    }
}
