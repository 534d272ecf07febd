package dev.backpop.ledger;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.CampaignState;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.testing.Servers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A database of its own and what tests of the ledger say often. */
final class LedgerFixture {
    static final CampaignSpec SPEC = new CampaignSpec("plan: \"shop\" # ✓\n", "/plans", "[1]", null, false);

    private LedgerFixture() {}

    static PGSimpleDataSource newDatabase() {
        String url = Servers.newDatabase();
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setPortNumbers(new int[] {Servers.postgres().port()});
        database.setServerNames(new String[] {"127.0.0.1"});
        database.setDatabaseName(url.substring(url.lastIndexOf('/') + 1));
        database.setUser("postgres");
        database.setOptions("-c backpop.ledger=" + PostgresPool.LEDGER_VERSION);
        return database;
    }

    static NewCampaign backfill(String id, String entity) {
        return new NewCampaign(id, "shop", entity, CampaignKind.BACKFILL, SPEC, "ann@host");
    }

    /** A running campaign of that many planned ranges of ten keys. */
    static void running(Ledger ledger, String id, int chunks) {
        ledger.create(backfill(id, id));
        ledger.transition(id, CampaignState.RUNNING, null);
        ledger.appendChunks(id, null, ranges(1, chunks), "[" + chunks * 10 + "]", true);
    }

    static List<NewChunk> ranges(int from, int to) {
        List<NewChunk> chunks = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            String after = i == 1 ? null : "[" + (i - 1) * 10 + "]";
            chunks.add(NewChunk.range(after, "[" + ((i - 1) * 10 + 1) + "]", "[" + i * 10 + "]", 10));
        }
        return chunks;
    }

    static Connection begin(DataSource database) throws SQLException {
        Connection connection = database.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    /** The first column of every row. */
    static List<String> ask(DataSource database, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    static void run(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }
}
