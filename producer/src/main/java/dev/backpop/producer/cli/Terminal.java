package dev.backpop.producer.cli;

import java.io.Console;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who reads what we print.
 *
 * @param interactive true when a person's terminal shows it, so that a line may be redrawn; false in pipes and files
 * @param colors true when the terminal takes colors and the person has not declined them
 * @param columns how many characters fit on a line
 */
record Terminal(boolean interactive, boolean colors, int columns) {
    private static final int USUAL_COLUMNS = 80;

    /** A pipe or a file. */
    static final Terminal NONE = new Terminal(false, false, USUAL_COLUMNS);

    static Terminal ofProcess() {
        return of(isTerminal(System.console()), System::getenv);
    }

    /** {@code TERM=dumb} means no redrawing, {@code NO_COLOR} no colors; {@code COLUMNS} is the width. */
    static Terminal of(boolean console, Function<String, @Nullable String> variables) {
        boolean interactive = console && !"dumb".equals(variables.apply("TERM"));
        String noColor = variables.apply("NO_COLOR");
        boolean colors = interactive && (noColor == null || noColor.isEmpty());
        return new Terminal(interactive, colors, columns(variables.apply("COLUMNS")));
    }

    private static int columns(@Nullable String columns) {
        try {
            return columns == null ? USUAL_COLUMNS : Math.max(20, Integer.parseInt(columns.strip()));
        } catch (NumberFormatException e) {
            return USUAL_COLUMNS;
        }
    }

    /** Up to Java 21 there is no console in pipes; from 22 on there always is one, which can say so. */
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
