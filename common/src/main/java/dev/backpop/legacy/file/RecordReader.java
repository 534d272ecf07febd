package dev.backpop.legacy.file;

import dev.backpop.plan.From;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Reads a file's records in the order they stand in. */
interface RecordReader extends Closeable {
    /** More than any sane record, and small enough to be held in memory. */
    int LONGEST_RECORD = 64 << 20;

    /** The next record, null at the end. Records that do not read are told to the problems and left out. */
    @Nullable
    SourceRecord next() throws IOException;

    static RecordReader open(Path file, From.Records records, FileProblems problems) throws IOException {
        InputStream bytes = bytes(file, records.gzip());
        return records.format() == From.Format.CSV
                ? new CsvReader(bytes, file, problems)
                : new NdjsonReader(bytes, problems);
    }

    /** The column names of a CSV file. */
    static List<String> csvHeader(Path file, boolean gzip) throws IOException {
        FileProblems problems = new FileProblems(file);
        try (CsvReader reader = new CsvReader(bytes(file, gzip), file, problems)) {
            return reader.header();
        }
    }

    private static InputStream bytes(Path file, boolean gzip) throws IOException {
        InputStream bytes = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        if (!gzip) {
            return bytes;
        }
        try {
            return new GZIPInputStream(bytes, 1 << 16);
        } catch (IOException e) {
            bytes.close();
            throw e;
        }
    }
}
