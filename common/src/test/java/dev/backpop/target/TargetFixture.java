package dev.backpop.target;

import dev.backpop.plan.ColumnRule;
import dev.backpop.plan.Entity;
import dev.backpop.plan.From;
import dev.backpop.plan.Guard;
import dev.backpop.plan.Into;
import dev.backpop.postgres.BinaryCopy;
import dev.backpop.row.Row;
import dev.backpop.row.RowShape;
import dev.backpop.testing.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One target table of a database of its own, written by one guard, key first. */
final class TargetFixture {
    final Database database;
    final Entity entity;
    final TargetTable table;
    final RowShape shape;
    final GuardedWriter writer;

    private TargetFixture(Database database, Entity entity) throws SQLException {
        this.database = database;
        this.entity = entity;
        try (Connection connection = database.connect()) {
            this.table =
                    TargetCatalogue.table(connection, entity.into().table()).orElseThrow();
        }
        this.shape = table.shape(entity, oid -> true);
        this.writer = new GuardedWriter("plan", entity, table, shape);
    }

    /** Table {@code t} as created by the statements, all given columns mapped, the first one the key. */
    static TargetFixture of(Guard guard, String columns, String... statements) throws SQLException {
        return of(Database.with(statements), guard, columns, 1);
    }

    static TargetFixture of(Database database, Guard guard, String columns, int keyColumns) throws SQLException {
        List<String> names = List.of(columns.split(",", -1));
        List<String> key = names.subList(0, keyColumns);
        return new TargetFixture(
                database,
                new Entity(
                        "thing",
                        List.of(),
                        new From.Table("thing", key, null),
                        new Into("t", key),
                        names.stream().map(name -> new ColumnRule(name, name)).toList(),
                        guard));
    }

    /** Rows as a legacy store would encode them: the values of a query, by position. */
    List<Row> rows(String query) throws SQLException {
        String names = IntStream.range(0, shape.columns().size())
                .mapToObj(i -> "c" + i)
                .collect(Collectors.joining(", "));
        String casts = IntStream.range(0, shape.columns().size())
                .mapToObj(i ->
                        "CAST(c" + i + " AS " + shape.columns().get(i).type().transferName() + ")")
                .collect(Collectors.joining(", "));
        List<Row> rows = new ArrayList<>();
        try (Connection connection = database.connect()) {
            BinaryCopy.out(connection, "SELECT " + casts + " FROM (" + query + ") AS v (" + names + ")", rows::add);
        }
        return rows;
    }

    /** One that looks for that many bad rows of a batch by halving, and for the others in the server. */
    GuardedWriter writer(int foundByHalving) {
        return new GuardedWriter("plan", entity, table, shape, foundByHalving);
    }

    /** Writes in a transaction of its own, and commits. */
    WriteResult write(String query) throws SQLException {
        return write(rows(query));
    }

    WriteResult write(List<Row> rows) throws SQLException {
        return write(writer, rows);
    }

    WriteResult write(GuardedWriter writes, List<Row> rows) throws SQLException {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            writes.begin(connection);
            WriteResult result = writes.write(connection, rows, Fence.NONE);
            connection.commit();
            return result;
        }
    }

    /** Written, unchanged, guarded and rejected. */
    static String counts(WriteResult result) {
        return result.written() + " " + result.unchanged() + " " + result.guarded() + " "
                + result.rejected().size();
    }

    List<String> ask(String query) throws SQLException {
        return database.ask(query);
    }
}
