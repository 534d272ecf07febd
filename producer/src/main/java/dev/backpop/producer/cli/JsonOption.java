package dev.backpop.producer.cli;

import picocli.CommandLine.Option;

/** The flag that turns data into JSON. */
final class JsonOption {
    @Option(names = "--json", description = "Print JSON for programs, one document a line.")
    private boolean json;

    boolean isJson() {
        return json;
    }
}
