package dev.backpop.legacy.file;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import org.apache.commons.csv.CSVException;

/** Ends a record that does not end by itself, such as one with a quote that is never closed. Not thread-safe. */
final class RecordLimit extends FilterReader {
    private long read;

    RecordLimit(Reader reader) {
        super(reader);
    }

    /** A new record begins. */
    void begin() {
        read = 0;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        read += Math.max(0, count);
        if (read > RecordReader.LONGEST_RECORD) {
            throw new CSVException("the record is longer than 64 MB: is a quote never closed?");
        }
        return count;
    }
}
