package dev.backpop.command;

import dev.backpop.logging.LogLevel;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * What makes a tree of picocli commands a Backpop command line: {@code -h} and {@code -v} on every command, exit codes in
 * every help, failures said in words and without secrets.
 */
public final class CommandFrame {
    private static final String VERBOSE = "-v";

    private CommandFrame() {}

    /** Puts the frame around a whole tree; call it once, after the last subcommand was added. */
    public static CommandLine around(CommandLine root) {
        root.getCommandSpec().version(root.getCommandName() + " " + Version.current());
        addOptions(root);
        root.setExpandAtFiles(false);
        root.setUsageHelpWidth(100);
        root.setParameterExceptionHandler(new UsageFailure());
        root.setExecutionExceptionHandler(
                (thrown, commandLine, parsed) -> Failure.report(thrown, commandLine.getErr(), isVerbose(parsed)));
        root.setExecutionStrategy(parsed -> {
            if (isVerbose(parsed)) {
                LogLevel.debug();
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        return root;
    }

    /** Writes UTF-8 to the process's own streams, whatever the locale: data holds more than the C locale can say. */
    public static CommandLine onProcessStreams(CommandLine root) {
        root.setOut(new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
        root.setErr(new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        return root;
    }

    /** True when {@code -v} was given, before or after the subcommand. */
    public static boolean isVerbose(ParseResult parsed) {
        for (CommandLine commandLine : parsed.asCommandLineList()) {
            if (commandLine.getParseResult().hasMatchedOption(VERBOSE)) {
                return true;
            }
        }
        return false;
    }

    private static void addOptions(CommandLine commandLine) {
        CommandSpec spec = commandLine.getCommandSpec();
        spec.addOption(OptionSpec.builder(VERBOSE, "--verbose")
                .description("Show debug logs, and stack traces of failures.")
                .build());
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help and exit.")
                .build());
        if (spec.parent() == null) {
            spec.addOption(OptionSpec.builder("--version")
                    .versionHelp(true)
                    .description("Show the version and exit.")
                    .build());
        }
        spec.usageMessage()
                .sortOptions(false)
                .sortSynopsis(false)
                .abbreviateSynopsis(true)
                .commandListHeading("%nCommands:%n")
                .optionListHeading("%nOptions:%n")
                .parameterListHeading("%n")
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(ExitCode.descriptions());
        commandLine.getSubcommands().values().forEach(CommandFrame::addOptions);
    }
}
