package dev.backpop.legacy.file;

import java.io.BufferedInputStream;
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
    private long number;

    NdjsonReader(InputStream bytes, FileProblems problems) {
        this.bytes = new BufferedInputStream(bytes, 1 << 16);
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
        int next = bytes.read();
        if (next < 0) {
            return false;
        }
        while (next >= 0 && next != '\n') {
            line.write(next);
            if (line.size() > LONGEST_RECORD) {
                problems.add(number + 1, "the line is longer than 64 MB: is this one JSON object a line?");
                problems.throwIfAny();
            }
            next = bytes.read();
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
