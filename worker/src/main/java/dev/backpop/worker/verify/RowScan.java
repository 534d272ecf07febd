package dev.backpop.worker.verify;

import dev.backpop.compare.Compared;
import dev.backpop.compare.RowComparison;
import dev.backpop.legacy.FailedRow;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.Row;
import dev.backpop.stores.EntityStores;
import dev.backpop.target.TargetReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Row by row, for every legacy store: a page of the target's rows, and the same keys of the legacy store after it. A legacy
 * row that cannot be read costs no other row. Thread-safe.
 */
final class RowScan implements Scan {
    private static final int ROWS_IN_A_PAGE = 10_000;

    private final EntityStores stores;
    private final PostgresPool target;
    private final TargetReader reader;
    private final RowComparison comparison;

    RowScan(EntityStores stores, PostgresPool target, RowComparison comparison) {
        this.stores = stores;
        this.target = target;
        this.reader = new TargetReader(stores.entity(), stores.table(), stores.shape());
        this.comparison = comparison;
    }

    @Override
    public Scanned run(KeySelection selection) throws SQLException {
        TargetPage page = page(selection);
        Map<Key, Row> targetRows = page.rows();
        Map<Key, List<String>> matched = new HashMap<>();
        Set<Key> candidates = new LinkedHashSet<>();
        List<FailedRow> failed = stores.legacy().expect(page.selection(), rows -> {
            for (Row row : rows) {
                Key key = stores.shape().keyOf(row);
                Row copy = targetRows.remove(key);
                // None as well for the second row of a key: the target can have only one of them.
                Compared compared = copy == null ? null : comparison.compare(row, copy);
                if (compared != null && compared.equal()) {
                    matched.put(key, compared.tolerated());
                } else {
                    candidates.add(key);
                }
            }
        });
        List<FailedRow> settled = new ArrayList<>();
        for (FailedRow row : failed) {
            boolean excluded = row.kind() == FailedRow.Kind.EXCLUDED && !targetRows.containsKey(row.key());
            if (excluded || row.kind() == FailedRow.Kind.ABSENT) {
                settled.add(row);
            } else {
                candidates.add(row.key());
            }
        }
        candidates.addAll(targetRows.keySet());
        matched.keySet().removeAll(candidates);
        Map<String, Long> tolerated = new HashMap<>();
        matched.values().forEach(columns -> columns.forEach(column -> tolerated.merge(column, 1L, Long::sum)));
        return new Scanned(matched.size(), tolerated, List.copyOf(candidates), page.rest(), settled);
    }

    private TargetPage page(KeySelection selection) throws SQLException {
        try (Connection connection = target.connection()) {
            connection.setAutoCommit(false);
            target.limit(connection);
            return TargetPage.read(reader, connection, stores.shape(), selection, ROWS_IN_A_PAGE);
        }
    }
}
