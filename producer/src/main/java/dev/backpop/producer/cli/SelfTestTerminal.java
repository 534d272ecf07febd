package dev.backpop.producer.cli;

import dev.backpop.producer.selftest.SelfTestScreen;
import picocli.CommandLine;

/** Shows on standard error what a self-test is at. */
final class SelfTestTerminal implements SelfTestScreen {
    private final Output output;
    private final ProgressLine progress;

    private SelfTestTerminal(Output output, ProgressLine progress) {
        this.output = output;
        this.progress = progress;
    }

    static SelfTestTerminal of(Terminal terminal, CommandLine commandLine, Output output) {
        return new SelfTestTerminal(
                output,
                new ProgressLine(
                        commandLine.getErr(),
                        ProgressLine.Form.of(terminal, false),
                        terminal.columns(),
                        System::nanoTime));
    }

    @Override
    public void note(String text) {
        progress.clear();
        output.note(text);
    }

    @Override
    public void progress(String label, long done, long total, String state) {
        progress.show(new ProgressSnapshot(label, done, total, 0, null, 0, 0, 0, 1, state.isEmpty() ? null : state));
    }

    @Override
    public void endProgress() {
        progress.clear();
    }
}
