package dev.backpop.producer.report;

import dev.backpop.campaign.Discrepancy;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.StoredDiscrepancy;
import dev.backpop.producer.text.JsonText;
import dev.backpop.producer.text.StoredJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * All discrepancies of a campaign, resolved ones too, as files for programs and for tables: one line a key as JSON, one line
 * a differing column as CSV. Read through a cursor, so that any number takes the same memory.
 */
final class DiscrepancyFiles {
    private DiscrepancyFiles() {}

    /** Writes both; how many keys. */
    static long write(Ledger ledger, String id, Path ndjson, Path csv) {
        try (NewFile lines = new NewFile(ndjson);
                NewFile table = new NewFile(csv)) {
            Rows rows = new Rows(lines.writer(), table.writer());
            ledger.discrepancies(id, Integer.MAX_VALUE, rows::add);
            lines.keep();
            table.keep();
            return rows.keys;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Rows {
        private final Writer lines;
        private final CSVPrinter table;
        private long keys;

        Rows(Writer lines, Writer table) throws IOException {
            this.lines = lines;
            this.table = CSVFormat.RFC4180
                    .builder()
                    .setHeader("key", "kind", "state", "column", "legacy", "target", "cause", "checks", "chunk")
                    .get()
                    .print(table);
        }

        void add(StoredDiscrepancy stored) {
            try {
                keys++;
                lines.write(JsonText.of(DiscrepancyLine.of(stored)));
                lines.write('\n');
                Discrepancy discrepancy = stored.discrepancy();
                if (discrepancy.columns().isEmpty()) {
                    print(stored, null, null, null, discrepancy.cause());
                }
                for (Discrepancy.Difference difference : discrepancy.columns()) {
                    String cause = difference.cause();
                    print(
                            stored,
                            difference.column(),
                            difference.legacy(),
                            difference.target(),
                            cause == null ? discrepancy.cause() : cause);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void print(
                StoredDiscrepancy stored,
                @Nullable String column,
                @Nullable String legacy,
                @Nullable String target,
                @Nullable String cause)
                throws IOException {
            table.printRecord(
                    safe(StoredJson.key(stored.discrepancy().key())),
                    stored.discrepancy().kind().word(),
                    stored.state().word(),
                    safe(column),
                    column == null ? "" : value(legacy),
                    column == null ? "" : value(target),
                    safe(cause),
                    stored.checks(),
                    stored.chunkNo());
        }
    }

    /** In quotes of its own, so that NULL, an empty text and a blank are three values. */
    private static String value(@Nullable String value) {
        return value == null ? "NULL" : '"' + value + '"';
    }

    /** What a spreadsheet would take for a formula begins with an apostrophe, which it takes for a text's. */
    static String safe(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return "";
        }
        return "=+-@\t\r\n'".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }
}
