package dev.backpop.worker.verify;

import dev.backpop.row.KeySelection;
import dev.backpop.row.KeyShape;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Both databases count the rows of a selection and add up their digests; only where the answers differ are the digests of
 * the single rows compared. Where most selections differed lately, the sums are left out. Thread-safe.
 */
final class DigestScan implements Scan {
    /** How far the sums are trusted: from this many differing more than agreeing on, they are not asked for. */
    private static final int SKIPPED_FROM = 2;

    private static final int MOST_REMEMBERED = 4;

    private final BothSides sides;
    private final TupleReader reader;
    private final Scan byRow;
    private final AtomicInteger differing = new AtomicInteger();

    /** @param byRow what looks where a legacy row cannot be read */
    DigestScan(BothSides sides, KeyShape shape, Scan byRow) {
        this.sides = sides;
        this.reader = TupleReader.ofLeadingKey(shape);
        this.byRow = byRow;
    }

    @Override
    public Scanned run(KeySelection selection) throws SQLException {
        try {
            if (differing.get() < SKIPPED_FROM) {
                OptionalLong equal = equalRows(selection);
                if (equal.isPresent()) {
                    remember(false);
                    return new Scanned(equal.getAsLong(), Map.of(), List.of(), null);
                }
            }
            LockStep lockStep = new LockStep(reader, (legacy, target) -> null, LockStep.MOST_CANDIDATES);
            Scanned scanned = sides.ask(
                    side -> side.keyDigests(selection), (legacy, target) -> lockStep.run(legacy, target, selection));
            remember(!scanned.candidates().isEmpty());
            return scanned;
        } catch (UnreadableRowException e) {
            return byRow.run(selection);
        }
    }

    /** How many rows both sides have, when they have as many and the sums of their digests agree. */
    private OptionalLong equalRows(KeySelection selection) throws SQLException {
        return sides.ask(side -> side.digest(selection), (legacy, target) -> {
            byte[] left = legacy.next();
            byte[] right = target.next();
            if (left == null || right == null || legacy.next() != null || target.next() != null) {
                throw new IllegalStateException("a digest is one row");
            }
            // Behind the number of fields and the length of the first, which is the count.
            return Arrays.equals(left, right)
                    ? OptionalLong.of(ByteBuffer.wrap(left).getLong(6))
                    : OptionalLong.empty();
        });
    }

    private void remember(boolean differs) {
        differing.updateAndGet(before -> differs ? Math.min(MOST_REMEMBERED, before + 1) : Math.max(0, before - 1));
    }
}
