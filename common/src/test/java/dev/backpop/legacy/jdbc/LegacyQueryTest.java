package dev.backpop.legacy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.plan.ColumnRule;
import dev.backpop.plan.Entity;
import dev.backpop.plan.From;
import dev.backpop.plan.Guard;
import dev.backpop.plan.Into;
import dev.backpop.row.ColumnType;
import dev.backpop.row.KeySelection;
import dev.backpop.row.KeyShape;
import dev.backpop.row.KeyType;
import dev.backpop.row.RowShape;
import dev.backpop.testing.Servers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LegacyQueryTest {
    @Test
    void rows_come_in_key_order_whatever_else_is_made_of_the_key() throws Exception {
        String url = Servers.newDatabase().replace("postgres@", "");
        try (Connection connection = DriverManager.getConnection("jdbc:" + url, "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE a (id int)");
            statement.execute("INSERT INTO a VALUES (10), (9), (100)");
            Entity entity = new Entity(
                    "a",
                    List.of(),
                    new From.Query("SELECT * FROM a -- all", List.of("id")),
                    new Into("a", List.of("id")),
                    List.of(new ColumnRule("name", "id::text -- shown"), new ColumnRule("id", "id")),
                    new Guard.Overwrite());
            RowShape shape = new RowShape(
                    List.of(
                            new RowShape.Column("name", new ColumnType(25, "text", "text", false)),
                            new RowShape.Column("id", new ColumnType(20, "bigint", "bigint", false))),
                    List.of(1),
                    new KeyShape(List.of(KeyType.INTEGER)));

            LegacyQuery query = LegacyQuery.resolve(connection, entity, shape);

            List<String> names = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery(query.rows(new KeySelection.Range(null, null, null)))) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            assertThat(names).containsExactly("9", "10", "100");
        }
    }
}
