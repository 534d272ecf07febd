package dev.backpop.producer.selftest;

import dev.backpop.plan.Entity;
import dev.backpop.postgres.KeyConditions;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.postgres.SqlNames;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.KeyShape;
import dev.backpop.stores.EntityStores;
import dev.backpop.target.TargetColumn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Some rows of a target table in a table of its own kind, in a schema of its own, without the foreign keys. Not thread-safe,
 * but for {@link #drop}.
 */
final class ScratchCopy {
    static final String PREFIX = "backpop_self_test_";
    private static final String NO_RIGHT = "42501";

    private final PostgresPool target;
    private final EntityStores original;
    private final KeyConditions conditions;
    private final String schema;
    private final String table;

    private ScratchCopy(PostgresPool target, EntityStores original, String schema) {
        this.target = target;
        this.original = original;
        this.schema = schema;
        List<String> parts = SqlNames.parts(original.entity().into().table());
        this.table = SqlNames.quoted(schema) + "." + SqlNames.quoted(parts.get(parts.size() - 1));
        this.conditions = new KeyConditions(
                original.entity().into().key().stream().map(SqlNames::quoted).toList(),
                original.shape().key());
    }

    /**
     * Creates the schema and the table, empty.
     *
     * @throws InvalidInputException when the user may not, saying what right is missing
     */
    static ScratchCopy create(PostgresPool target, EntityStores original) {
        String schema = PREFIX + UUID.randomUUID().toString().substring(0, 8);
        ScratchCopy copy = new ScratchCopy(target, original, schema);
        try (Connection connection = target.connection()) {
            connection.setAutoCommit(false);
            execute(connection, "CREATE SCHEMA " + schema);
            execute(
                    connection,
                    "CREATE TABLE " + copy.table + " (LIKE " + original.table().sqlName() + " INCLUDING ALL"
                            // A key that the database gives itself could not be moved.
                            + " EXCLUDING IDENTITY)");
            connection.commit();
            return copy;
        } catch (SQLException e) {
            if (NO_RIGHT.equals(SqlFailure.root(e).getSQLState())) {
                throw new InvalidInputException("the self-test makes a copy of some rows in a schema of its own, which"
                        + " this user may not: " + SqlFailure.message(e)
                        + "; GRANT CREATE ON DATABASE … TO the target's user, and SELECT on the table");
            }
            throw target.unreachable(e);
        }
    }

    /** Schemas of other self-tests, which run or were killed. */
    static List<String> others(PostgresPool target) {
        try (Connection connection = target.connection();
                Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery("SELECT nspname FROM pg_namespace WHERE starts_with(nspname::text, '"
                                + PREFIX + "') ORDER BY nspname")) {
            List<String> names = new ArrayList<>();
            while (found.next()) {
                names.add(found.getString(1));
            }
            return names;
        } catch (SQLException e) {
            throw target.unreachable(e);
        }
    }

    /** Copies those of these rows that the target has. */
    void fill(List<Key> keys) {
        String columns = columns().stream().collect(Collectors.joining(", "));
        run(connection -> execute(
                connection,
                "INSERT INTO " + table + " (" + columns + ") OVERRIDING SYSTEM VALUE SELECT " + columns + " FROM "
                        + original.table().sqlName() + " WHERE " + conditions.in(new KeySelection.Keys(keys))));
    }

    /** Removes the schema and all that is in it, where it is still there. */
    void drop() {
        run(connection -> execute(connection, "DROP SCHEMA IF EXISTS " + schema + " CASCADE"));
    }

    /** Whether the original's row of a key is, by now, another one than the copy's, or the one is there and the other not. */
    boolean changedMeanwhile(Key key) {
        String where = " AS r WHERE " + conditions.in(new KeySelection.Keys(List.of(key))) + ")";
        try (Connection connection = target.connection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT (SELECT r::text FROM "
                        + original.table().sqlName() + where + " IS DISTINCT FROM (SELECT r::text FROM " + table
                        + where)) {
            return found.next() && found.getBoolean(1);
        } catch (SQLException e) {
            throw target.unreachable(e);
        }
    }

    /** Works on the copy in one transaction. */
    void run(Work work) {
        try (Connection connection = target.connection()) {
            connection.setAutoCommit(false);
            work.on(connection);
            connection.commit();
        } catch (SQLException e) {
            throw target.unreachable(e);
        }
    }

    /** What is done in a transaction. */
    interface Work {
        void on(Connection transaction) throws SQLException;
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // Braces are data here, and not JDBC's own escapes.
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    /** The quoted names of all columns that can be written. */
    List<String> columns() {
        return original.table().columns().stream()
                .filter(column -> !column.generated())
                .map(TargetColumn::name)
                .map(SqlNames::quoted)
                .toList();
    }

    Entity entity() {
        return original.entity();
    }

    EntityStores original() {
        return original;
    }

    KeyShape keyShape() {
        return original.shape().key();
    }

    KeyConditions conditions() {
        return conditions;
    }

    /** As SQL writes it, and {@code into.table}. */
    String table() {
        return table;
    }

    String schema() {
        return schema;
    }
}
