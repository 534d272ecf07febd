package dev.backpop.producer.cli;

import dev.backpop.command.ExitCode;
import dev.backpop.plan.TargetSource;
import dev.backpop.settings.Settings;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Leaves campaigns to a driver process of their own, which goes on when this command has returned. */
final class Detached {
    private Detached() {}

    private record Document(List<String> campaigns, long pid, String log) {}

    /** Starts {@code backpop resume} for the campaigns in the background and says how to follow it. */
    static int resume(List<String> ids, Settings settings, TargetSource target, Output output, boolean json) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Backpop.class.getName());
        command.add("resume");
        command.addAll(ids);
        File log = Path.of(System.getProperty("java.io.tmpdir"), "backpop-" + ids.get(0) + ".log")
                .toFile();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        ChildEnvironment.fill(builder.environment(), settings, target);
        try {
            Process driver = builder.start();
            if (json) {
                output.json(new Document(ids, driver.pid(), log.toString()));
            } else {
                ids.forEach(output::line);
                output.note("driven by process " + driver.pid() + ", which writes to " + log
                        + ". Follow with: backpop watch " + ids.get(0));
            }
            return ExitCode.CLEAN;
        } catch (IOException e) {
            throw new UncheckedIOException("could not start a driver; run: backpop resume " + String.join(" ", ids), e);
        }
    }
}
