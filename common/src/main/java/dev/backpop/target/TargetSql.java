package dev.backpop.target;

import dev.backpop.plan.Entity;
import dev.backpop.postgres.KeyConditions;
import dev.backpop.postgres.SelectionSql;
import dev.backpop.postgres.SqlNames;
import dev.backpop.row.RowShape;
import java.util.List;
import java.util.Set;

/** An entity's rows in its target table as SQL, for comparing them with those that are expected there. */
public final class TargetSql {
    private TargetSql() {}

    /** The columns that are compared, of every row, in the order of the shape. */
    public static SelectionSql compared(Entity entity, TargetTable table, RowShape shape) {
        List<String> keys = TargetTable.keyColumns(entity);
        Set<String> compared = entity.comparedColumns();
        return new SelectionSql(
                table.sqlName() + " WHERE true",
                new KeyConditions(keys, shape.key()),
                keys,
                shape.columns().stream()
                        .map(column -> new SelectionSql.Column(
                                SqlNames.quoted(column.name()), column.type(), compared.contains(column.name())))
                        .toList());
    }
}
