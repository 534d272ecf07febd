package dev.backpop.producer.selftest;

import dev.backpop.plan.Comparison;
import dev.backpop.postgres.KeyConditions;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.postgres.SqlNames;
import dev.backpop.producer.selftest.Finding.Column;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.RowShape;
import dev.backpop.target.TargetColumn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Plants what faults the columns of a copied table allow, each on a clean row of its own: a fault that no column shows, no
 * row has room for, or the table's constraints refuse is not applicable. For one transaction.
 */
final class FaultPlanter {
    private static final Set<Integer> SWAPPABLE = Set.of(25, 1043, 20, 21, 23, 1700, 1114, 1184);

    private final ScratchCopy copy;
    private final Connection transaction;
    private final Key first;
    private final FreshKeys fresh;
    private final Set<Key> unused;
    private final List<TargetColumn> columns = new ArrayList<>();
    private final List<PlantedFault> planted = new ArrayList<>();

    /**
     * @param first the first key of the legacy store
     * @param clean keys whose rows are equal on both sides
     */
    FaultPlanter(ScratchCopy copy, Connection transaction, Key first, List<Key> clean) {
        this.copy = copy;
        this.transaction = transaction;
        this.first = first;
        this.fresh = new FreshKeys(copy.keyShape(), first);
        this.unused = new LinkedHashSet<>(clean);
        for (RowShape.Column column : copy.original().shape().columns()) {
            boolean key = copy.entity().into().key().contains(column.name());
            boolean hidden = !(copy.entity().comparison(column.name()) instanceof Comparison.Exact);
            boolean asItIs = !column.type().viaText()
                    || column.type().oid() == column.type().transferOid();
            if (!key && !hidden && asItIs) {
                copy.original().table().column(column.name()).ifPresent(columns::add);
            }
        }
    }

    List<PlantedFault> plant() throws SQLException {
        rows();
        swapped();
        for (ColumnFault fault : ColumnFault.ALL) {
            column(fault);
        }
        return List.copyOf(planted);
    }

    private void rows() throws SQLException {
        boolean content = copy.original().shape().columns().size()
                > copy.original().shape().keyIndexes().size();
        Optional<Key> row = take(distinct());
        boolean neighbours = fresh.counted() && row.filter(first::equals).isPresent();
        String moved = neighbours ? "off-by-one key" : "row under another key";
        Optional<Key> place = fresh.get(1);
        if (row.isPresent() && place.isPresent()) {
            attempt(
                    moved,
                    "UPDATE " + copy.table() + " SET " + assignments(place.get()) + " WHERE " + at(row.get()),
                    Finding.missing(json(row.get()), content ? RowWords.MOVED_FROM : null),
                    Finding.unexpected(json(place.get()), content ? RowWords.MOVED_TO : null));
        } else {
            none(moved, row.isEmpty());
        }
        row = take(distinct());
        if (row.isPresent()) {
            attempt(
                    "dropped row",
                    "DELETE FROM " + copy.table() + " WHERE " + at(row.get()),
                    Finding.missing(json(row.get()), null));
        } else {
            none("dropped row", true);
        }
        copied("duplicated row", 2, null, content ? RowWords.COPY : null);
        extra();
    }

    private void extra() throws SQLException {
        for (TargetColumn column : columns) {
            String name = SqlNames.quoted(column.name());
            String other = switch (column.type().oid()) {
                case 25, 1043 -> "'!'";
                case 20, 21, 23, 1700 -> "-7";
                default -> "";
            };
            if (!other.isEmpty() && copied("extra row", 3, new Other(name, other), null)) {
                return;
            }
        }
        if (columns.isEmpty()) {
            none("extra row", "no column could make it differ from a copy");
        }
    }

    /** A column of a copied row that gets another value. */
    private record Other(String column, String value) {}

    /** @return false when the table refused it, and it was no last attempt */
    private boolean copied(String name, int number, @Nullable Other other, @Nullable String cause) throws SQLException {
        planted.removeIf(fault -> fault.name().equals(name));
        Optional<Key> row = take(distinct());
        Optional<Key> place = fresh.get(number);
        if (row.isEmpty() || place.isEmpty()) {
            none(name, row.isEmpty());
            return true;
        }
        List<String> keys =
                copy.entity().into().key().stream().map(SqlNames::quoted).toList();
        List<String> values = copy.columns().stream()
                .map(column -> {
                    int part = keys.indexOf(column);
                    if (part >= 0) {
                        return literal(place.get(), part);
                    }
                    return other != null && other.column().equals(column) ? other.value() : column;
                })
                .toList();
        return attempt(
                name,
                "INSERT INTO " + copy.table() + " (" + String.join(", ", copy.columns())
                        + ") OVERRIDING SYSTEM VALUE SELECT " + String.join(", ", values) + " FROM " + copy.table()
                        + " WHERE " + at(row.get()),
                Finding.unexpected(json(place.get()), cause));
    }

    private void swapped() throws SQLException {
        String reason = "no two mapped columns of one type differ in a row";
        for (int i = 0; i < columns.size(); i++) {
            for (int j = i + 1; j < columns.size(); j++) {
                int oid = columns.get(i).type().oid();
                if (oid != columns.get(j).type().oid() || !SWAPPABLE.contains(oid)) {
                    continue;
                }
                String one = columns.get(i).name();
                String other = columns.get(j).name();
                String left = SqlNames.quoted(one);
                String right = SqlNames.quoted(other);
                Optional<Key> row = take(left + " <> " + right);
                if (row.isEmpty()) {
                    continue;
                }
                boolean done = attempt(
                        "swapped columns",
                        "UPDATE " + copy.table() + " SET " + left + " = " + right + ", " + right + " = " + left
                                + " WHERE " + at(row.get()),
                        Finding.mismatched(
                                json(row.get()),
                                new Column(one, "swapped with " + other),
                                new Column(other, "swapped with " + one)));
                if (done) {
                    return;
                }
                reason = String.valueOf(planted.remove(planted.size() - 1).notPlanted());
            }
        }
        none("swapped columns", reason);
    }

    private void column(ColumnFault fault) throws SQLException {
        String reason = "no mapped column that is compared exactly has a row for it";
        for (TargetColumn column : columns) {
            if (!fault.types().contains(column.type().oid()) || (fault.nullable() && column.notNull())) {
                continue;
            }
            String name = SqlNames.quoted(column.name());
            Optional<Key> row = take(fault.condition().replace("$c", name));
            if (row.isEmpty()) {
                continue;
            }
            String cause = text("SELECT " + fault.cause().replace("$c", name) + " FROM " + copy.table() + " WHERE "
                    + at(row.get()));
            boolean done = attempt(
                    fault.name(),
                    "UPDATE " + copy.table() + " SET " + name + " = "
                            + fault.value().replace("$c", name) + " WHERE " + at(row.get()),
                    Finding.mismatched(json(row.get()), new Column(column.name(), cause)));
            if (done) {
                return;
            }
            reason = String.valueOf(planted.remove(planted.size() - 1).notPlanted());
        }
        none(fault.name(), reason);
    }

    /** Plants a fault, or notes that the table refuses it. */
    private boolean attempt(String name, String sql, Finding... expected) throws SQLException {
        ScratchCopy.execute(transaction, "SAVEPOINT fault");
        try {
            ScratchCopy.execute(transaction, sql);
            ScratchCopy.execute(transaction, "RELEASE SAVEPOINT fault");
            planted.add(new PlantedFault(name, List.of(expected), null));
            return true;
        } catch (SQLException e) {
            String state = String.valueOf(SqlFailure.root(e).getSQLState());
            if (!state.startsWith("22") && !state.startsWith("23") && !state.startsWith("428")) {
                throw e;
            }
            ScratchCopy.execute(transaction, "ROLLBACK TO SAVEPOINT fault");
            none(name, "the table refuses it: " + SqlFailure.message(e));
            return false;
        }
    }

    private void none(String name, boolean noRow) {
        none(name, noRow ? "no clean row is left for it" : "there is no key before the first one");
    }

    private void none(String name, String reason) {
        planted.add(PlantedFault.notApplicable(name, reason));
    }

    /** A clean row that no fault has, for which the condition is true. Nobody else gets it. */
    private Optional<Key> take(String condition) throws SQLException {
        KeyConditions conditions = copy.conditions();
        String sql = "SELECT " + conditions.selectTexts() + " FROM " + copy.table() + " AS r WHERE ("
                + condition + ") AND " + conditions.in(new KeySelection.Keys(List.copyOf(unused))) + " ORDER BY "
                + conditions.order() + " LIMIT 1";
        try (Statement statement = transaction.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            if (!found.next()) {
                return Optional.empty();
            }
            Key key = KeyConditions.keyOf(found, copy.keyShape());
            unused.remove(key);
            return Optional.of(key);
        }
    }

    /** A row of which there is no copy: of others nobody could say which one was copied or moved. */
    private String distinct() {
        Set<String> keys = copy.entity().into().key().stream().collect(Collectors.toSet());
        List<String> content = copy.original().shape().columns().stream()
                .map(RowShape.Column::name)
                .filter(name -> !keys.contains(name))
                .map(SqlNames::quoted)
                .toList();
        if (content.isEmpty()) {
            return "true";
        }
        String own = row("r", content);
        String other = row("o", content);
        return "(SELECT count(*) FROM " + copy.table() + " AS o WHERE " + other + " = " + own + ") = 1";
    }

    private static String row(String table, List<String> columns) {
        return columns.stream()
                .map(column -> table + "." + column)
                .collect(Collectors.joining(", ", "ROW(", ")::text"));
    }

    private String assignments(Key key) {
        List<String> names = copy.entity().into().key();
        List<String> assignments = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            assignments.add(SqlNames.quoted(names.get(i)) + " = " + literal(key, i));
        }
        return String.join(", ", assignments);
    }

    private String literal(Key key, int part) {
        return SqlNames.literal(key.parts().get(part)) + "::"
                + copy.keyShape().types().get(part).sqlType();
    }

    private String at(Key key) {
        return copy.conditions().in(new KeySelection.Keys(List.of(key)));
    }

    private String json(Key key) {
        return copy.keyShape().toJson(key);
    }

    private @Nullable String text(String sql) throws SQLException {
        try (Statement statement = transaction.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            return found.next() ? found.getString(1) : null;
        }
    }
}
