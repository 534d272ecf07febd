package dev.backpop.worker.verify;

import dev.backpop.campaign.Discrepancy;
import dev.backpop.campaign.Sighting;
import dev.backpop.compare.Compared;
import dev.backpop.compare.RowComparison;
import dev.backpop.legacy.FailedRow;
import dev.backpop.plan.Comparison;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.Row;
import dev.backpop.stores.EntityStores;
import dev.backpop.target.TargetReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Looks at single keys on both sides, with what tells whether their rows have been written since. Thread-safe.
 *
 * <p>The target before the legacy store, which live writers write first; and of each side the marks before the rows, so
 * that a row written between the two bears the mark of the time before, and the next look takes it for changed.
 */
final class CarefulLook {
    private static final int MOST_KEYS = 1_000;

    private final EntityStores stores;
    private final PostgresPool target;
    private final TargetReader reader;
    private final RowComparison comparison;
    private final Set<Integer> ignored;
    /** The key, and columns whose values say nothing of which row it is. */
    private final Set<Integer> besideContent;

    CarefulLook(EntityStores stores, PostgresPool target, RowComparison comparison) {
        this.stores = stores;
        this.target = target;
        this.reader = new TargetReader(stores.entity(), stores.table(), stores.shape());
        this.comparison = comparison;
        this.ignored = columns(stores, rule -> rule instanceof Comparison.Ignore);
        Set<Integer> beside = new HashSet<>(stores.shape().keyIndexes());
        beside.addAll(columns(
                stores,
                rule -> rule instanceof Comparison.Ignore
                        || rule instanceof Comparison.Volatile
                        || rule instanceof Comparison.Words));
        this.besideContent = Set.copyOf(beside);
    }

    /** The positions of columns of such a rule. */
    private static Set<Integer> columns(EntityStores stores, Predicate<Comparison> rule) {
        Set<Integer> found = new HashSet<>();
        for (int i = 0; i < stores.shape().columns().size(); i++) {
            if (rule.test(
                    stores.entity().comparison(stores.shape().columns().get(i).name()))) {
                found.add(i);
            }
        }
        return Set.copyOf(found);
    }

    /**
     * Looks at each of these keys once.
     *
     * @param found in no order, any number of times
     * @param consumer called once for each key, in no order
     */
    void at(List<Key> found, Consumer<Looked> consumer) throws SQLException {
        List<Key> keys = found.stream().distinct().sorted(stores.shape().key()).toList();
        for (int from = 0; from < keys.size(); from += MOST_KEYS) {
            List<Key> some = keys.subList(from, Math.min(keys.size(), from + MOST_KEYS));
            Map<Key, String> marks = targetMarks(some);
            KeySelection rest = new KeySelection.Keys(some);
            while (rest != null) {
                TargetPage page = page(rest);
                look(page, marks, consumer);
                rest = page.rest();
            }
        }
    }

    private void look(TargetPage page, Map<Key, String> targetMarks, Consumer<Looked> consumer) {
        List<Key> keys = ((KeySelection.Keys) page.selection()).keys();
        Map<Key, String> legacyMarks = stores.legacy().marks(keys);
        Map<Key, Looked> looked = new HashMap<>();
        List<FailedRow> failed = stores.legacy().expect(page.selection(), rows -> {
            for (Row row : rows) {
                Key key = stores.shape().keyOf(row);
                Looked first = looked.get(key);
                looked.put(
                        key,
                        first == null
                                ? compared(
                                        key,
                                        row,
                                        page.rows().get(key),
                                        RowMark.of(legacyMarks.get(key), row, ignored),
                                        targetMarks)
                                // The target can have only one row of a key.
                                : oneMore(first, first.end()));
            }
        });
        for (FailedRow row : failed) {
            if (row.kind() == FailedRow.Kind.ABSENT) {
                continue;
            }
            Looked first = looked.get(row.key());
            looked.put(
                    row.key(),
                    first == null
                            ? withoutRow(row, page.rows().get(row.key()), targetMarks)
                            : oneMore(first, first.end()));
        }
        for (Key key : new HashSet<>(keys)) {
            Looked found = looked.get(key);
            consumer.accept(found == null ? notInLegacy(key, page.rows().get(key), targetMarks) : found);
        }
    }

    private Looked withoutRow(FailedRow row, @Nullable Row copy, Map<Key, String> targetMarks) {
        if (row.kind() != FailedRow.Kind.EXCLUDED) {
            return new Looked(json(row.key()), Looked.End.UNVERIFIABLE, 1, null, List.of(), row.message());
        }
        Sighting unexpected =
                copy == null ? null : notInLegacy(row.key(), copy, targetMarks).sighting();
        return new Looked(json(row.key()), Looked.End.EXCLUDED, 1, unexpected, List.of(), row.message());
    }

    private static Looked oneMore(Looked looked, Looked.End end) {
        return new Looked(
                looked.key(), end, looked.legacyRows() + 1, looked.sighting(), looked.tolerated(), looked.reason());
    }

    private Looked compared(Key key, Row legacy, @Nullable Row copy, String legacyMark, Map<Key, String> targetMarks) {
        if (copy == null) {
            return different(
                    new Discrepancy(json(key), Discrepancy.Kind.MISSING, List.of(), null),
                    1,
                    legacyMark,
                    RowMark.NONE,
                    content(legacy));
        }
        Compared compared = comparison.compare(legacy, copy);
        if (compared.equal()) {
            return new Looked(json(key), Looked.End.MATCHED, 1, null, compared.tolerated());
        }
        List<Discrepancy.Difference> differences =
                compared.differences().stream().map(Excerpt::of).toList();
        return different(
                new Discrepancy(json(key), Discrepancy.Kind.MISMATCHED, differences, null),
                1,
                legacyMark,
                RowMark.of(targetMarks.get(key), copy, ignored),
                null);
    }

    private Looked notInLegacy(Key key, @Nullable Row copy, Map<Key, String> targetMarks) {
        if (copy == null) {
            return new Looked(json(key), Looked.End.ABSENT, 0, null, List.of());
        }
        return different(
                new Discrepancy(json(key), Discrepancy.Kind.UNEXPECTED, List.of(), null),
                0,
                RowMark.NONE,
                RowMark.of(targetMarks.get(key), copy, ignored),
                content(copy));
    }

    private static Looked different(
            Discrepancy discrepancy, long legacyRows, String legacyMark, String targetMark, @Nullable String content) {
        return new Looked(
                discrepancy.key(),
                Looked.End.DIFFERENT,
                legacyRows,
                new Sighting(discrepancy, legacyMark, targetMark, content),
                List.of());
    }

    /** Null for a row of nothing but NULLs, which is like every other such row. */
    private @Nullable String content(Row row) {
        for (int i = 0; i < row.size(); i++) {
            if (row.field(i) != null && !besideContent.contains(i)) {
                return RowMark.content(row, stores.shape(), besideContent);
            }
        }
        return null;
    }

    private String json(Key key) {
        return stores.shape().key().toJson(key);
    }

    private Map<Key, String> targetMarks(List<Key> keys) throws SQLException {
        try (Connection connection = target.connection()) {
            connection.setAutoCommit(false);
            target.limit(connection);
            return reader.marks(connection, keys);
        }
    }

    private TargetPage page(KeySelection selection) throws SQLException {
        try (Connection connection = target.connection()) {
            connection.setAutoCommit(false);
            target.limit(connection);
            return TargetPage.read(reader, connection, stores.shape(), selection, MOST_KEYS);
        }
    }
}
