package dev.backpop.producer.demo;

import dev.backpop.problem.InvalidInputException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The demo's two stores: schema {@code legacy} full of an old application's rows, and schema {@code discussions} with the
 * new tables, empty but for a few rows that an application has written there before. Both may live in one database.
 *
 * <p>Every run of one size makes the same rows. Not thread-safe; two demos in one database get in each other's way.
 */
public final class DemoStores {
    private static final String FUNCTIONS =
            "DROP FUNCTION pg_temp.spread, pg_temp.digit36, pg_temp.base36, pg_temp.channel_id, pg_temp.post_id,"
                    + " pg_temp.comment_id";

    private final DemoSize size;

    public DemoStores(DemoSize size) {
        this.size = size;
    }

    /**
     * Drops what an earlier demo left in both schemas and makes them anew. Each store changes in one transaction; a failure
     * leaves nothing half made, at most a new legacy schema beside an old target.
     *
     * @param legacy in auto-commit mode
     * @param target in auto-commit mode; may be of the same database, or the same connection
     * @throws InvalidInputException when a schema of one of the names exists and is not the demo's; then nothing was changed
     */
    public void create(Connection legacy, Connection target) throws SQLException {
        DemoSchema.LEGACY.claim(legacy);
        DemoSchema.TARGET.claim(target);
        Map<String, String> there = new LinkedHashMap<>();
        inTransaction(legacy, connection -> there.putAll(createLegacy(connection)));
        inTransaction(target, connection -> createTarget(connection, there));
        analyze(legacy, DemoSchema.LEGACY);
        analyze(target, DemoSchema.TARGET);
    }

    /**
     * Drops both schemas where the demo has made them.
     *
     * @throws InvalidInputException when a schema of one of the names exists and is not the demo's, or somebody else put
     *     something into it
     */
    public static void drop(Connection legacy, Connection target) throws SQLException {
        DemoSchema.LEGACY.claim(legacy);
        inTransaction(target, DemoSchema.TARGET::drop);
        inTransaction(legacy, DemoSchema.LEGACY::drop);
    }

    /** Returns, for each entity, the rows that the target is to have beforehand, as a JSON array. */
    private Map<String, String> createLegacy(Connection connection) throws SQLException {
        DemoSchema.LEGACY.drop(connection);
        writeSlots(connection);
        execute(connection, legacyScript());
        DemoSchema.LEGACY.putMark(connection);
        Map<String, String> there = DemoRowsThere.read(connection);
        execute(connection, FUNCTIONS);
        return there;
    }

    private void createTarget(Connection connection, Map<String, String> there) throws SQLException {
        DemoSchema.TARGET.drop(connection);
        execute(connection, Resources.text("demo-target.sql"));
        DemoSchema.TARGET.putMark(connection);
        DemoRowsThere.write(connection, there);
        plant(connection, DemoDifference.of(size));
    }

    private String legacyScript() {
        return Resources.text("demo-legacy.sql")
                .replace("${channels}", Long.toString(size.channels()))
                .replace("${posts}", Long.toString(size.posts()))
                .replace("${comments}", Long.toString(size.comments()))
                .replace("${channelsThere}", Integer.toString(DemoSize.CHANNELS_THERE))
                .replace("${channelsTaken}", Integer.toString(DemoReject.CHANNEL_NAME_TAKEN.count()))
                .replace("${plantedTitle}", DemoDifference.LEGACY_TITLE);
    }

    private void writeSlots(Connection connection) throws SQLException {
        execute(
                connection,
                "CREATE TEMPORARY TABLE demo_slot (entity text, ordinal bigint, kind text, nth integer,"
                        + " PRIMARY KEY (entity, ordinal)) ON COMMIT DROP");
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO pg_temp.demo_slot VALUES (?, ?, ?, ?)")) {
            for (String entity : DemoPlan.ENTITIES) {
                for (DemoSlot slot : DemoSlot.of(entity, size)) {
                    insert.setString(1, slot.entity());
                    insert.setLong(2, slot.ordinal());
                    insert.setString(3, slot.kind());
                    insert.setInt(4, slot.nth());
                    insert.addBatch();
                }
            }
            insert.executeBatch();
        }
        execute(connection, "ANALYZE pg_temp.demo_slot");
    }

    private static void plant(Connection connection, DemoDifference difference) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE discussions.post SET title = ? WHERE id = ? AND title = ?")) {
            update.setString(1, difference.target());
            update.setLong(2, difference.postId());
            update.setString(3, difference.legacy());
            if (update.executeUpdate() != 1) {
                throw new IllegalStateException("the planted difference has no post " + difference.postId()
                        + ": the generator in SQL and the one in Java disagree");
            }
        }
    }

    private static void analyze(Connection connection, DemoSchema schema) throws SQLException {
        for (String entity : DemoPlan.ENTITIES) {
            execute(connection, "ANALYZE " + schema.name() + "." + entity);
        }
    }

    private static void execute(Connection connection, String script) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // Braces in the scripts are text, not JDBC's own escapes.
            statement.setEscapeProcessing(false);
            statement.execute(script);
        }
    }

    private static void inTransaction(Connection connection, Work work) throws SQLException {
        connection.setAutoCommit(false);
        boolean done = false;
        try {
            execute(connection, "SET LOCAL search_path = pg_catalog, pg_temp");
            work.run(connection);
            connection.commit();
            done = true;
        } finally {
            if (!done) {
                connection.rollback();
            }
            connection.setAutoCommit(true);
        }
    }

    private interface Work {
        void run(Connection connection) throws SQLException;
    }
}
