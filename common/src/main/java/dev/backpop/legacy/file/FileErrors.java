package dev.backpop.legacy.file;

import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.problem.InvalidInputException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.ZipException;

/** What went wrong with a file, as this project's exceptions: what only another file can mend, and what may pass. */
final class FileErrors {
    private FileErrors() {}

    /** A piece of work on a file. */
    interface Work<T> {
        T run() throws IOException;
    }

    /** Does the work; an I/O error comes out naming the file. */
    static <T> T named(Path file, Work<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw of(file, e);
        }
    }

    private static RuntimeException of(Path file, IOException cause) {
        if (cause instanceof NoSuchFileException missing && file.toString().equals(missing.getFile())) {
            return new InvalidInputException(
                    "there is no file " + file + ": check from.file and the directory of the legacy store");
        }
        if (cause instanceof EOFException) {
            return new InvalidInputException(
                    file + " ends in the middle of its gzip data: it was cut off, copy it again");
        }
        if (cause instanceof ZipException) {
            return new InvalidInputException(file + " is not sound gzip data (" + cause.getMessage()
                    + "): copy it again, or correct the plan if the file is not compressed");
        }
        return new LegacyUnavailableException(
                "file " + file + " cannot be read or sorted: "
                        + cause.getClass().getSimpleName() + " " + cause.getMessage(),
                cause);
    }
}
