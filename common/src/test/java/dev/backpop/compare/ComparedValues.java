package dev.backpop.compare;

import dev.backpop.plan.Comparison;
import dev.backpop.postgres.BinaryCopy;
import dev.backpop.row.ColumnType;
import dev.backpop.row.KeyShape;
import dev.backpop.row.KeyType;
import dev.backpop.row.Row;
import dev.backpop.row.RowShape;
import dev.backpop.testing.Servers;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows of key 1 whose values a server makes of SQL, so that they are what a server would send. */
final class ComparedValues {
    private ComparedValues() {}

    /** One column {@code c} of the type. */
    static Compared compare(Comparison rule, String type, @Nullable String legacy, @Nullable String target)
            throws Exception {
        return compare(Map.of("c", rule), List.of(type), List.of(literal(legacy)), List.of(literal(target)));
    }

    /** The cause of a difference under the exact rule; null when the values are the same or it is not known. */
    static @Nullable String cause(String type, @Nullable String legacy, @Nullable String target) throws Exception {
        Compared compared = compare(Comparison.EXACT, type, legacy, target);
        return compared.equal()
                ? "they are equal"
                : compared.differences().get(0).cause();
    }

    /** Columns {@code c}, {@code d}, {@code e} … of the types, with SQL for their values. */
    static Compared compare(Map<String, Comparison> rules, List<String> types, List<String> legacy, List<String> target)
            throws Exception {
        try (Connection connection = Servers.postgres().connect()) {
            List<RowShape.Column> columns = new ArrayList<>();
            columns.add(new RowShape.Column("id", new ColumnType(20, "bigint", "bigint", false)));
            for (int i = 0; i < types.size(); i++) {
                columns.add(new RowShape.Column(Character.toString('c' + i), type(connection, types.get(i))));
            }
            RowShape shape = new RowShape(columns, List.of(0), new KeyShape(List.of(KeyType.INTEGER)));
            return new RowComparison(shape, rules)
                    .compare(row(connection, types, legacy), row(connection, types, target));
        }
    }

    static ColumnType type(Connection connection, String name) throws Exception {
        try (var statement = connection.createStatement();
                var found = statement.executeQuery("SELECT '" + name + "'::regtype::oid::bigint")) {
            found.next();
            return new ColumnType(found.getInt(1), name, name, false);
        }
    }

    private static Row row(Connection connection, List<String> types, List<String> values) throws Exception {
        String list = java.util.stream.IntStream.range(0, types.size())
                .mapToObj(i -> "(" + values.get(i) + ")::" + types.get(i))
                .collect(Collectors.joining(", "));
        List<Row> rows = new ArrayList<>();
        BinaryCopy.out(connection, "SELECT 1::bigint, " + list, rows::add);
        return rows.get(0);
    }

    static String literal(@Nullable String value) {
        return value == null ? "NULL" : "'" + value.replace("'", "''") + "'";
    }
}
