package dev.backpop.worker.verify;

import dev.backpop.compare.Compared;
import dev.backpop.compare.RowComparison;
import dev.backpop.row.KeySelection;
import dev.backpop.row.RowShape;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Both sides' rows streamed in key order and compared byte for byte; taken apart and compared by their columns' rules only
 * where the bytes differ. Thread-safe.
 */
final class ByteScan implements Scan {
    private final BothSides sides;
    private final TupleReader reader;
    private final RowComparison comparison;
    private final Scan byRow;

    /** @param byRow what looks where a legacy row cannot be read */
    ByteScan(BothSides sides, RowShape shape, RowComparison comparison, Scan byRow) {
        this.sides = sides;
        this.reader = new TupleReader(shape);
        this.comparison = comparison;
        this.byRow = byRow;
    }

    @Override
    public Scanned run(KeySelection selection) throws SQLException {
        LockStep lockStep = new LockStep(reader, this::tolerated, LockStep.MOST_CANDIDATES);
        try {
            return sides.ask(side -> side.rows(selection), (legacy, target) -> lockStep.run(legacy, target, selection));
        } catch (UnreadableRowException e) {
            return byRow.run(selection);
        }
    }

    private @Nullable List<String> tolerated(byte[] legacy, byte[] target) {
        Compared compared = comparison.compare(reader.row(legacy), reader.row(target));
        return compared.equal() ? compared.tolerated() : null;
    }
}
