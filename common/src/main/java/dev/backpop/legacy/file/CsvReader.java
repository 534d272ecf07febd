package dev.backpop.legacy.file;

import dev.backpop.legacy.record.JsonFields;
import dev.backpop.problem.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.QuoteMode;
import org.jspecify.annotations.Nullable;

/**
 * Comma-separated values with a header line: an empty field is null, and {@code ""} is empty text. A record becomes a JSON
 * object of strings. Not thread-safe.
 */
final class CsvReader implements RecordReader {
    /** This quote mode is what makes the parser tell an empty field from an empty text. */
    private static final CSVFormat FORMAT = CSVFormat.DEFAULT
            .builder()
            .setNullString("")
            .setQuoteMode(QuoteMode.ALL_NON_NULL)
            .setIgnoreEmptyLines(false)
            .get();

    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private final FileProblems problems;
    private final List<String> header;
    private final RecordLimit limit;
    private boolean ended;

    CsvReader(InputStream bytes, Path file, FileProblems problems) throws IOException {
        limit = new RecordLimit(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()));
        parser = CSVParser.builder().setReader(limit).setFormat(FORMAT).get();
        records = parser.iterator();
        this.problems = problems;
        CSVRecord first = read(1);
        problems.throwIfAny();
        if (first == null) {
            throw new InvalidInputException(file + " is empty: its first line must name the columns");
        }
        header = names(file, first);
    }

    List<String> header() {
        return header;
    }

    private static List<String> names(Path file, CSVRecord first) {
        List<String> names = new ArrayList<>();
        for (String value : first) {
            String name = value == null ? "" : value;
            names.add(names.isEmpty() && name.startsWith("\uFEFF") ? name.substring(1) : name);
        }
        if (names.contains("") || new HashSet<>(names).size() < names.size()) {
            throw new InvalidInputException(
                    file + ": the header line must give every column a name of its own, but is: " + names);
        }
        return names;
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        while (!ended) {
            long line = parser.getCurrentLineNumber() + 1;
            CSVRecord record = read(line);
            if (record == null) {
                return null;
            }
            if (record.size() == 1 && record.get(0) == null) {
                continue;
            }
            if (record.size() != header.size()) {
                problems.add(
                        line,
                        "the record has " + record.size() + " fields, but the header has " + header.size()
                                + " columns");
                continue;
            }
            Map<String, @Nullable String> document = new LinkedHashMap<>();
            for (int i = 0; i < header.size(); i++) {
                document.put(header.get(i), record.get(i));
            }
            return new SourceRecord(line, JsonFields.JSON.writeValueAsString(document));
        }
        return null;
    }

    private @Nullable CSVRecord read(long line) throws IOException {
        try {
            limit.begin();
            return records.hasNext() ? records.next() : null;
        } catch (UncheckedIOException e) {
            IOException cause = e.getCause();
            if (cause instanceof CSVException || cause instanceof CharacterCodingException) {
                ended = true;
                problems.add(
                        line,
                        (cause instanceof CSVException ? cause.getMessage() : "the file is not UTF-8 from about here")
                                + "; nothing after it was read");
                return null;
            }
            throw cause;
        }
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
