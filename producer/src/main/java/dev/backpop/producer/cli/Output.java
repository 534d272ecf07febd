package dev.backpop.producer.cli;

import dev.backpop.problem.Secrets;
import dev.backpop.producer.text.JsonText;
import dev.backpop.producer.text.Text;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * Where a command's answer goes: data to standard output, everything said about it to standard error. Whatever data holds,
 * a terminal is never made to obey it. Not thread-safe.
 *
 * <p>Notes are masked; tables and JSON are not, since they hold the data itself.
 */
final class Output {
    private final PrintWriter out;
    private final PrintWriter err;

    Output(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    /** That of a command which is running. */
    static Output of(CommandLine commandLine) {
        return new Output(commandLine.getOut(), commandLine.getErr());
    }

    /** One line of an answer. */
    void line(String line) {
        out.println(Text.printable(line));
        out.flush();
    }

    /** A table for people; see {@link Table}. */
    void table(List<String> headers, List<? extends List<? extends @Nullable Object>> rows) {
        Table.lines(headers, rows).forEach(out::println);
        out.flush();
    }

    /**
     * One document on one line for programs: field names in snake_case and in the order of the record's components, map keys
     * sorted, enums in lower case, times in ISO 8601.
     */
    void json(Object document) {
        out.println(JsonText.of(document));
        out.flush();
    }

    /** One line about what happens or is wrong, to standard error. */
    void note(String line) {
        err.println(Text.printable(Secrets.mask(line)));
        err.flush();
    }
}
