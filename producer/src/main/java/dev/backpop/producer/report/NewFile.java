package dev.backpop.producer.report;

import dev.backpop.problem.InvalidInputException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that is there whole or not at all: written beside its place, in UTF-8, and moved there by {@link #keep}. Closing it
 * without that leaves what was there before.
 */
final class NewFile implements AutoCloseable {
    private final Path place;
    private final Path temporary;
    private final Writer writer;

    /** @throws InvalidInputException when nothing can be written there */
    NewFile(Path place) {
        this.place = place.toAbsolutePath();
        this.temporary = this.place.resolveSibling(this.place.getFileName() + ".part");
        try {
            this.writer = new BufferedWriter(Files.newBufferedWriter(temporary, StandardCharsets.UTF_8), 1 << 16);
        } catch (IOException e) {
            throw new InvalidInputException("nothing can be written to " + temporary + ": " + e
                    + "; give --html a file in a folder that is there and can be written to");
        }
    }

    Writer writer() {
        return writer;
    }

    /** Puts it in its place, over what may be there. */
    void keep() {
        try {
            writer.close();
            try {
                Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(temporary, place, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            writer.close();
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
