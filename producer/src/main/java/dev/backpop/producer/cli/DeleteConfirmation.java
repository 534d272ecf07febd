package dev.backpop.producer.cli;

import dev.backpop.problem.InvalidInputException;
import dev.backpop.producer.text.Quantities;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks a second time before rows are deleted: whoever wants that says how many they are. */
final class DeleteConfirmation {
    private final Terminal terminal;
    private final Supplier<@Nullable String> answers;
    private final Output output;

    DeleteConfirmation(Surroundings surroundings, Output output) {
        this.terminal = surroundings.terminal();
        this.answers = surroundings.answers();
        this.output = output;
    }

    /**
     * Returns when so many rows may be deleted.
     *
     * @param rows how many rows there are to delete
     * @param given what {@code --confirm-delete} says; null to ask the person at the terminal
     * @throws InvalidInputException when nobody confirms, or another number was given
     */
    void require(long rows, @Nullable Long given, String entity) {
        String count = rows == 1 ? "1 row" : Quantities.count(rows) + " rows";
        if (given != null) {
            if (given != rows) {
                throw new InvalidInputException("--confirm-delete " + given + ": " + count
                        + " would be deleted now; nothing was changed. See them without --apply, then give --confirm-delete "
                        + rows);
            }
            return;
        }
        if (!terminal.interactive()) {
            throw new InvalidInputException("--delete-unexpected would delete " + count
                    + "; nothing was changed. See them without --apply, then confirm with --confirm-delete " + rows);
        }
        output.note(count + " of " + entity + " in the target that the legacy store does not have would be deleted."
                + " To delete them, type their number (without separators):");
        String typed = answers.get();
        if (typed == null || !typed.strip().equals(Long.toString(rows))) {
            throw new InvalidInputException("not confirmed: expected " + rows + "; nothing was changed");
        }
    }
}
