package dev.backpop.legacy.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.legacy.LegacyEntity;
import dev.backpop.plan.ColumnRule;
import dev.backpop.plan.Entity;
import dev.backpop.plan.From;
import dev.backpop.plan.Guard;
import dev.backpop.plan.Into;
import dev.backpop.plan.LegacySource;
import dev.backpop.postgres.PostgresAddress;
import dev.backpop.row.ColumnType;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.KeyShape;
import dev.backpop.row.KeyType;
import dev.backpop.row.RowShape;
import dev.backpop.testing.Servers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyOrderTest {
    @Test
    void integer_keys_come_in_the_order_of_their_values_and_not_of_their_texts() throws Exception {
        String url = Servers.newDatabase();
        PostgresAddress address = PostgresAddress.parse("legacy", url, null, null);
        try (Connection connection = DriverManager.getConnection(address.jdbcUrl(), address.user(), "");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE item AS SELECT g * 3 AS id FROM generate_series(1, 40) AS g");
        }
        ColumnType bigint = new ColumnType(20, "bigint", "bigint", false);
        RowShape shape = new RowShape(
                List.of(new RowShape.Column("id", bigint), new RowShape.Column("old_id", bigint)),
                List.of(0),
                new KeyShape(List.of(KeyType.INTEGER)));
        Entity item = new Entity(
                "item",
                List.of(),
                new From.Table("item", List.of("id"), null),
                new Into("item", List.of("id")),
                List.of(new ColumnRule("id", "id"), new ColumnRule("old_id", "id")),
                new Guard.Overwrite());
        try (JdbcLegacy legacy = new JdbcLegacy(new LegacySource.Jdbc(url, null, null), "test", 2)) {
            LegacyEntity entity = legacy.entity(item, shape);

            assertThat(entity.lastKey(null, null)).contains(Key.of("120"));
            List<Key> keys = new ArrayList<>();
            entity.keys(null, Key.of("3"), Key.of("120"), 100, keys::add);
            assertThat(keys).hasSize(39).isSortedAccordingTo(shape.key());

            List<Key> fetched = new ArrayList<>();
            entity.fetch(
                    new KeySelection.Range(null, Key.of("6"), Key.of("111")),
                    rows -> rows.forEach(row -> fetched.add(shape.keyOf(row))));
            assertThat(fetched).hasSize(35).isSortedAccordingTo(shape.key());
        }
    }
}
