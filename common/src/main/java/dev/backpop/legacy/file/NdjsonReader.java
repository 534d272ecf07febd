package dev.backpop.legacy.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One JSON object a line; lines of nothing but white space are passed over. Not thread-safe. */
final class NdjsonReader implements RecordReader {
    private final InputStream bytes;
    private final FileProblems problems;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int filled;
    private long number;

    NdjsonReader(InputStream bytes, FileProblems problems) {
        this.bytes = bytes;
        this.problems = problems;
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        while (readLine()) {
            number++;
            try {
                String text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(line.toByteArray()))
                        .toString();
                String document = (number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text).strip();
                if (!document.isEmpty()) {
                    return new SourceRecord(number, document);
                }
            } catch (CharacterCodingException e) {
                problems.add(number, "the line is not UTF-8");
            }
        }
        return null;
    }

    private boolean readLine() throws IOException {
        line.reset();
        while (position < filled || fill()) {
            int end = position;
            while (end < filled && buffer[end] != '\n') {
                end++;
            }
            line.write(buffer, position, end - position);
            position = end + 1;
            if (end < filled) {
                return true;
            }
            if (line.size() > LONGEST_RECORD) {
                problems.add(number + 1, "the line is longer than 64 MB: is this one JSON object a line?");
                problems.throwIfAny();
            }
        }
        return line.size() > 0;
    }

    private boolean fill() throws IOException {
        position = 0;
        filled = Math.max(0, bytes.read(buffer));
        return filled > 0;
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
