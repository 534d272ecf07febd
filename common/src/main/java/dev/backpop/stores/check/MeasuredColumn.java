package dev.backpop.stores.check;

import java.util.List;

/**
 * A mapped column whose expression the database takes.
 *
 * @param sql the expression
 * @param measures what to count of its values; may be empty, and then it is only computed for every row
 */
record MeasuredColumn(String place, String sql, List<Measure> measures) {
    MeasuredColumn {
        measures = List.copyOf(measures);
    }
}
