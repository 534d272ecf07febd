package dev.backpop.standin;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;

/**
 * The lines of a file, kept in a scratch file from which any of them can be read again, so that memory holds only where they
 * are. Thread-safe once it is made; closing takes the scratch file away.
 */
final class RecordedLines implements AutoCloseable {
    /** Where a line is. */
    record Place(long offset, int length) {}

    /** Takes each line, as JSON, with its place. */
    interface Reader {
        void read(JsonNode line, Place place);
    }

    private final Path scratch;
    private final FileChannel channel;

    private RecordedLines(Path scratch, FileChannel channel) {
        this.scratch = scratch;
        this.channel = channel;
    }

    /**
     * Reads all lines once.
     *
     * @param file NDJSON, compressed when its name ends in {@code .gz}
     */
    static RecordedLines of(Path file, Reader reader) throws IOException {
        Path scratch = Files.createTempFile("backpop-stand-in-", ".ndjson");
        try {
            copy(file, scratch, reader);
            // Where the system allows it the name goes at once, so that a process that is killed leaves nothing behind.
            FileChannel channel =
                    FileChannel.open(scratch, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE);
            return new RecordedLines(scratch, channel);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(scratch);
            throw e;
        }
    }

    private static void copy(Path file, Path scratch, Reader reader) throws IOException {
        try (InputStream in = open(file);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(scratch), 1 << 16)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            long offset = 0;
            for (int read = in.read(); read >= 0 || line.size() > 0; read = in.read()) {
                if (read >= 0 && read != '\n') {
                    line.write(read);
                    continue;
                }
                byte[] bytes = line.toByteArray();
                line.reset();
                if (bytes.length > 0) {
                    reader.read(Json.read(bytes), new Place(offset, bytes.length));
                    out.write(bytes);
                    offset += bytes.length;
                }
            }
        }
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        return file.toString().endsWith(".gz")
                ? new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16)
                : new BufferedInputStream(in, 1 << 16);
    }

    JsonNode read(Place place) {
        ByteBuffer buffer = ByteBuffer.allocate(place.length());
        try {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, place.offset() + buffer.position()) < 0) {
                    throw new IOException("it ends before its lines do");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the scratch file " + scratch + " cannot be read; is the disk full?", e);
        }
        return Json.read(buffer.array());
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the scratch file " + scratch + " cannot be taken away; delete it", e);
        }
    }
}
