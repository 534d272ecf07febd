package dev.backpop.legacy.jdbc;

import dev.backpop.plan.ColumnRule;
import dev.backpop.plan.Entity;
import dev.backpop.postgres.KeyConditions;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.KeyShape;
import dev.backpop.row.KeyType;
import dev.backpop.row.RowShape;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * An entity's mapping as SQL of its legacy database, checked against it. Immutable.
 *
 * <p>A text in the plan that is exactly the name of a legacy column means that column, quoted; anything else is an
 * expression. So {@code user} reads the column {@code user} where there is one.
 */
public final class LegacyQuery {
    private final LegacyRelation relation;
    private final KeyConditions key;
    private final String columns;
    private final boolean withoutEncoding;

    private LegacyQuery(LegacyRelation relation, KeyConditions key, String columns, boolean withoutEncoding) {
        this.relation = relation;
        this.key = key;
        this.columns = columns;
        this.withoutEncoding = withoutEncoding;
    }

    /**
     * Resolves an entity against the database.
     *
     * @throws InvalidInputException with a problem for each expression that the database refuses
     * @throws SQLException when the database does not serve
     */
    public static LegacyQuery resolve(Connection connection, Entity entity, RowShape shape) throws SQLException {
        String place = "entities." + entity.name();
        LegacyRelation relation = LegacyRelation.of(connection, entity);
        List<Problem> problems = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < entity.from().key().size(); i++) {
            String text = entity.from().key().get(i);
            keys.add(relation.sql(text));
            keyProblem(connection, relation, text, shape.key().types().get(i))
                    .ifPresent(problem -> problems.add(new Problem(place + ".from.key", problem)));
        }
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < entity.columns().size(); i++) {
            ColumnRule rule = entity.columns().get(i);
            String transferName = shape.columns().get(i).type().transferName();
            String expression = "CAST(" + relation.sql(rule.expression()) + " AS " + transferName + ")";
            // A name of its own, so that ORDER BY means the legacy column and not one of these.
            columns.add(expression + " AS \"backpop column " + (i + 1) + "\"");
            relation.refusal(connection, expression)
                    .ifPresent(refused -> problems.add(new Problem(place + ".columns." + rule.column(), refused)));
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        String encoding = connection.unwrap(PGConnection.class).getParameterStatus("server_encoding");
        return new LegacyQuery(
                relation,
                new KeyConditions(keys, shape.key()),
                String.join(", ", columns),
                "SQL_ASCII".equals(encoding));
    }

    private static Optional<String> keyProblem(
            Connection connection, LegacyRelation relation, String text, KeyType wanted) throws SQLException {
        Optional<String> refused = relation.refusal(connection, relation.sql(text));
        if (refused.isPresent()) {
            return refused;
        }
        String type = relation.typeName(connection, relation.sql(text));
        if (keyType(type).equals(Optional.of(wanted))) {
            return Optional.empty();
        }
        return Optional.of("key '" + text + "' is " + type + " in the legacy database and " + wanted.sqlType()
                + " in the target, which order differently. The key must be the same value on both sides: make it an"
                + " expression, such as key: \"" + text + "::" + wanted.sqlType() + "\"");
    }

    private static Optional<KeyType> keyType(String name) {
        return switch (name) {
            case "int2", "int4", "int8", "smallserial", "serial", "bigserial" -> Optional.of(KeyType.INTEGER);
            case "text", "varchar" -> Optional.of(KeyType.TEXT);
            case "uuid" -> Optional.of(KeyType.UUID);
            case "date" -> Optional.of(KeyType.DATE);
            default -> Optional.empty();
        };
    }

    /** The key columns, for conditions and order. */
    public KeyConditions key() {
        return key;
    }

    KeyShape keyShape() {
        return key.shape();
    }

    /** Selects over the entity's rows; nothing of the mapping. */
    public String select(String list, String condition) {
        return relation.select(list, condition);
    }

    /**
     * The first and the last key of each run of so many keys, and every key that is there twice or NULL; behind the key's parts
     * the key's number and whether it equals the key before it.
     */
    String edges(@Nullable Key from, @Nullable Key after, Key upTo, int size, long limit) {
        String numbered = relation.select(
                        key.selectTexts() + ", row_number() OVER keys AS number, " + key.equalsPrevious("keys")
                                + " AS again",
                        key.between(from, after, upTo))
                + " WINDOW keys AS (ORDER BY " + key.order() + ") ORDER BY "
                + key.order() + " LIMIT " + limit;
        return "SELECT * FROM (" + numbered + ") AS numbered WHERE number % " + size + " IN (0, 1 % " + size
                + ") OR again IS NOT FALSE ORDER BY number";
    }

    /** The keys of a chunk with each row's document as JSON: text, or its bytes from a database that does not know text. */
    String documents(KeySelection selection) {
        String document = "row_to_json(" + relation.row() + ".*)::text";
        // Asked for text, it would refuse to send the very rows that are refused for their bytes.
        return relation.select(
                key.selectTexts() + ", " + (withoutEncoding ? "convert_to(" + document + ", 'SQL_ASCII')" : document),
                key.in(selection));
    }

    /** The mapped rows of a chunk, in key order. */
    String rows(KeySelection selection) {
        return relation.select(columns, key.in(selection)) + " ORDER BY " + key.order();
    }
}
