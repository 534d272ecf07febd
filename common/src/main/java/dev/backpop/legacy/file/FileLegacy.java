package dev.backpop.legacy.file;

import dev.backpop.legacy.Legacy;
import dev.backpop.legacy.LegacyEntity;
import dev.backpop.legacy.file.expected.ExpectedRecord;
import dev.backpop.legacy.record.FieldNames;
import dev.backpop.legacy.record.RowEncoder;
import dev.backpop.plan.Entity;
import dev.backpop.plan.From;
import dev.backpop.plan.LegacySource;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.StoreUnreachableException;
import dev.backpop.row.BinaryEncoder;
import dev.backpop.row.RowShape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * NDJSON and CSV files, plain or gzip, in UTF-8, as a legacy store. Thread-safe; holds nothing open between calls.
 *
 * <p>A file is neither sorted nor indexed, so opening an entity makes a sorted copy of its records in the scratch
 * directory, with bounded memory and about twice the unpacked file's size of disk while it is made. The copy is named by a
 * digest of the file's path, size and time of change and of its keys: every process on the machine that is given the same
 * scratch directory shares it, and it is still there at the next start. A file that changes gets another copy at the next
 * opening, so a campaign that is resumed then goes on with the changed file. Copies may be deleted when nothing runs.
 */
public final class FileLegacy implements Legacy {
    private static final long RUN_BYTES = 32L << 20;

    private final LegacySource.Files source;
    private final Path scratch;
    private final long runBytes;

    /** @param scratch where sorted copies are kept; made when missing */
    public FileLegacy(LegacySource.Files source, Path scratch) {
        this(source, scratch, RUN_BYTES);
    }

    /** @param runBytes how many bytes of records are sorted in memory at a time */
    FileLegacy(LegacySource.Files source, Path scratch, long runBytes) {
        this.source = source;
        this.scratch = scratch;
        this.runBytes = runBytes;
    }

    @Override
    public boolean encodes(int oid) {
        return BinaryEncoder.encodes(oid);
    }

    @Override
    public LegacyEntity entity(Entity entity, RowShape shape) {
        if (!(entity.from() instanceof From.Records records)) {
            throw new InvalidInputException("entity " + entity.name()
                    + " comes from a database, but the plan's legacy store is a directory of files: give from.file");
        }
        Path file = source.directory().resolve(records.file());
        List<String> names = records.format() == From.Format.CSV
                ? FileErrors.named(file, () -> RecordReader.csvHeader(file, records.gzip()))
                : List.of();
        FieldNames fields = records.format() == From.Format.CSV
                ? FieldNames.columns(entity.name(), names)
                : FieldNames.any(entity.name());
        RowEncoder encoder = RowEncoder.of(entity, records.fields(), records.key(), shape, fields);
        List<String> key = records.key().stream().map(fields::check).toList();
        fields.throwProblems();
        SortedCopy copy = new SortedCopyBuilder(scratch, file, records, key, shape.key(), runBytes).open();
        return new FileEntity(copy, encoder, ExpectedRecord.of(entity, records, shape, names));
    }

    /** Files are looked at when an entity is opened; until then only their folder can be missing. */
    @Override
    public void check() {
        if (!Files.isDirectory(source.directory())) {
            throw new StoreUnreachableException("the legacy folder " + source.directory()
                    + " is not there, or this user may not look into it: correct legacy.file.directory");
        }
    }

    @Override
    public void close() {}
}
