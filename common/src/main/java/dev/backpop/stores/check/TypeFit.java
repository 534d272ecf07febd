package dev.backpop.stores.check;

import dev.backpop.legacy.jdbc.LegacyRelation;
import dev.backpop.plan.ColumnRule;
import dev.backpop.postgres.SqlNames;
import dev.backpop.row.ColumnType;
import dev.backpop.target.TargetColumn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whether the values of a legacy expression go into a target column, by their types. For one thread. */
final class TypeFit {
    /** Has no type of its own, and takes the column's. */
    private static final Pattern LITERAL = Pattern.compile("(?i)\\s*(?:null|'(?:[^']|'')*')\\s*");

    private static final String CONVERTS = """
            SELECT s.oid = t.oid OR t.typcategory = 'S'
                OR EXISTS (SELECT FROM pg_cast WHERE castsource = s.oid AND casttarget = t.oid AND castcontext IN ('a', 'i'))
                OR (s.typcategory = 'A' AND t.typcategory = 'A' AND (s.typelem = t.typelem
                    OR (SELECT typcategory FROM pg_type WHERE oid = t.typelem) = 'S'
                    OR EXISTS (SELECT FROM pg_cast WHERE castsource = s.typelem AND casttarget = t.typelem
                        AND castcontext IN ('a', 'i'))))
            FROM pg_type s, pg_type t WHERE s.oid = ?::oid AND t.oid = ?::oid
            """;

    private final Connection legacy;
    private final Connection target;
    private final LegacyRelation relation;
    private final Findings findings;

    TypeFit(Connection legacy, Connection target, LegacyRelation relation, Findings findings) {
        this.legacy = legacy;
        this.target = target;
        this.relation = relation;
        this.findings = findings;
    }

    /**
     * Says what the types say, and adds what only the values can say.
     *
     * @param shaped how the column's values travel
     * @return false when the types do not fit
     */
    boolean check(String place, ColumnRule rule, TargetColumn column, ColumnType shaped, List<Measure> measures)
            throws SQLException {
        if (LITERAL.matcher(rule.expression()).matches() && !relation.isColumn(rule.expression())) {
            return true;
        }
        String sql = relation.sql(rule.expression());
        LegacyType source = LegacyType.of(legacy, relation, sql);
        if (!converts(source.oid(), shaped.transferOid())) {
            String shown = relation.isColumn(rule.expression()) ? sql : "(" + rule.expression() + ")";
            findings.error(
                    place,
                    "is " + source.name() + " in the legacy database and "
                            + column.type().declared()
                            + " in the target: it needs an explicit conversion in the expression, such as " + shown
                            + "::" + shaped.transferName());
            return false;
        }
        Lossy.words(source.oid(), shaped.oid()).ifPresent(words -> findings.warning(place, words));
        measures.addAll(Lossy.measures(place, sql, source.oid(), column.type()));
        if (shaped.viaText()) {
            labels(place, sql, column, measures);
        }
        return true;
    }

    private boolean converts(int source, int wanted) throws SQLException {
        try (PreparedStatement statement = legacy.prepareStatement(CONVERTS)) {
            statement.setLong(1, source);
            statement.setLong(2, wanted);
            ResultSet found = statement.executeQuery();
            return !found.next() || found.getBoolean(1);
        }
    }

    /** The values of an enum are known, so those that are not among them can be counted. */
    private void labels(String place, String sql, TargetColumn column, List<Measure> measures) throws SQLException {
        List<String> labels = new ArrayList<>();
        try (Statement statement = target.createStatement();
                ResultSet found = statement.executeQuery("SELECT enumlabel FROM pg_enum WHERE enumtypid = "
                        + column.type().oid() + " ORDER BY enumsortorder")) {
            while (found.next()) {
                labels.add(found.getString(1));
            }
        }
        if (!labels.isEmpty()) {
            String list = labels.stream().map(SqlNames::literal).collect(Collectors.joining(", "));
            measures.add(new Measure(
                    place,
                    "(" + sql + ")::text NOT IN (" + list + ")",
                    "min((" + sql + ")::text)",
                    (rows, worst, key) -> rows + " row(s) have a value that the target's "
                            + column.type().declared() + " does not know, such as '" + worst + "' (key " + key
                            + "); they will become rejects: map them in the expression with CASE, or add the label"));
        }
    }
}
