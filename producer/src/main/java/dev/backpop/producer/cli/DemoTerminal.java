package dev.backpop.producer.cli;

import dev.backpop.producer.demo.DemoProgress;
import dev.backpop.producer.demo.DemoScreen;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows the demo: what stays on standard output, progress on standard error. */
final class DemoTerminal implements DemoScreen {
    private final Output output;
    private final ProgressLine progress;

    DemoTerminal(Output output, ProgressLine progress) {
        this.output = output;
        this.progress = progress;
    }

    @Override
    public void line(String text) {
        progress.clear();
        output.line(text);
    }

    @Override
    public void table(List<String> headers, List<? extends List<? extends @Nullable Object>> rows) {
        progress.clear();
        output.table(headers, rows);
    }

    @Override
    public void progress(DemoProgress shown) {
        progress.show(new ProgressSnapshot(
                shown.label(),
                shown.done(),
                shown.total(),
                shown.rowsPerSecond(),
                shown.eta(),
                shown.rejects(),
                0,
                0,
                shown.workers(),
                shown.state()));
    }

    @Override
    public void endProgress() {
        progress.clear();
    }
}
