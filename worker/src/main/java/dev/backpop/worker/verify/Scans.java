package dev.backpop.worker.verify;

import dev.backpop.compare.RowComparison;
import dev.backpop.legacy.ExpectedSql;
import dev.backpop.plan.Verification.Method;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.postgres.SelectionSql;
import dev.backpop.row.KeyType;
import dev.backpop.stores.EntityStores;
import dev.backpop.target.TargetSql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses how an entity is scanned: the fastest way that both stores and the columns' rules allow. */
final class Scans {
    private static final Logger LOG = LoggerFactory.getLogger(Scans.class);

    /** The encodings whose bytes order as those of UTF-8, in which keys travel. */
    private static final Set<String> IN_ORDER_OF_CODE_POINTS = Set.of("UTF8", "SQL_ASCII", "LATIN1");

    private final EntityStores stores;
    private final PostgresPool target;
    private final RowComparison comparison;
    private final RowScan byRow;

    private Scans(EntityStores stores, PostgresPool target) {
        this.stores = stores;
        this.target = target;
        this.comparison = new RowComparison(stores.shape(), stores.entity().compare());
        this.byRow = new RowScan(stores, target, comparison);
    }

    /**
     * The scan of an entity. Asks both databases whether they hash alike, and goes without digests, saying so in the log,
     * when they do not; so for everything that was wished for and is not possible.
     *
     * @param target gives the sessions on the target, with their time limit
     * @param wanted the method that was asked for; null to let the plan, or else Backpop, choose
     * @throws dev.backpop.legacy.LegacyUnavailableException when the legacy store does not serve
     * @throws dev.backpop.problem.StoreUnreachableException when the target does not
     */
    static Chosen of(EntityStores stores, PostgresPool target, @Nullable Method wanted) {
        Method planned = stores.entity().verification().method();
        Method method = wanted == null ? planned : wanted;
        Chosen chosen = new Scans(stores, target).choose(method == null ? Method.DIGESTS : method);
        if (method != null && method != chosen.method()) {
            LOG.warn(
                    "entity {} is scanned by {}, not by {}: {}",
                    stores.entity().name(),
                    chosen.method().word(),
                    method.word(),
                    chosen.reason());
        } else {
            LOG.info(
                    "entity {} is scanned by {}: {}",
                    stores.entity().name(),
                    chosen.method().word(),
                    chosen.reason());
        }
        return chosen;
    }

    private Chosen choose(Method wanted) {
        if (wanted == Method.ROWS) {
            return new Chosen(byRow, Method.ROWS, "it was asked for");
        }
        Optional<ExpectedSql> legacy = stores.legacy().expectedSql();
        if (legacy.isEmpty()) {
            return new Chosen(byRow, Method.ROWS, "the legacy store is no PostgreSQL");
        }
        ServerHashes left = hashes(legacy.get());
        ServerHashes right = hashes();
        if (stores.shape().key().types().contains(KeyType.TEXT)
                && !IN_ORDER_OF_CODE_POINTS.containsAll(List.of(left.encoding(), right.encoding()))) {
            String encodings = left.encoding() + " and " + right.encoding();
            return new Chosen(byRow, Method.ROWS, "text keys do not order alike in the encodings " + encodings);
        }
        SelectionSql targetSql = TargetSql.compared(stores.entity(), stores.table(), stores.shape());
        BothSides sides = new BothSides(legacy.get(), target, targetSql);
        ByteScan byBytes = new ByteScan(sides, stores.shape(), comparison, byRow);
        if (wanted == Method.BYTES) {
            return new Chosen(byBytes, Method.BYTES, "it was asked for");
        }
        return obstacle(left, right, targetSql)
                .map(reason -> new Chosen(byBytes, Method.BYTES, reason))
                .orElseGet(() -> new Chosen(
                        new DigestScan(sides, stores.shape().key(), byRow),
                        Method.DIGESTS,
                        "both databases hash alike and every column is compared exactly"));
    }

    private Optional<String> obstacle(ServerHashes legacy, ServerHashes target, SelectionSql sql) {
        if (!comparison.exact()) {
            return Optional.of("a column has a rule that hashes cannot follow");
        }
        if (!sql.digestible()) {
            return Optional.of("the row has more columns than a digest takes");
        }
        if (legacy.probe() == null || target.probe() == null) {
            return Optional.of("a server is older than PostgreSQL 14, which digests need");
        }
        if (!legacy.encoding().equals(target.encoding())) {
            return Optional.of(
                    "the databases have different encodings, " + legacy.encoding() + " and " + target.encoding());
        }
        if (!legacy.probe().equals(target.probe())) {
            return Optional.of("the databases hash the same values differently");
        }
        return Optional.empty();
    }

    private static ServerHashes hashes(ExpectedSql legacy) {
        try (Connection connection = legacy.connection()) {
            return ServerHashes.of(connection);
        } catch (SQLException e) {
            throw legacy.failure(e);
        }
    }

    private ServerHashes hashes() {
        try (Connection connection = target.connection()) {
            return ServerHashes.of(connection);
        } catch (SQLException e) {
            throw target.unreachable(e);
        }
    }

    /**
     * A scan, and how it came to be this one.
     *
     * @param reason why this method, for logs and reports
     */
    record Chosen(Scan scan, Method method, String reason) {}

    /**
     * How a server hashes.
     *
     * @param encoding of the database's text, whose bytes are hashed
     * @param probe the hash of some values; null before PostgreSQL 14
     */
    private record ServerHashes(String encoding, @Nullable String probe) {
        private static final int HASHES_RECORDS = 140_000;

        static ServerHashes of(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                String encoding;
                boolean hashesRecords;
                try (ResultSet found = statement.executeQuery(
                        "SELECT current_setting('server_encoding'), current_setting('server_version_num')::int")) {
                    found.next();
                    encoding = found.getString(1);
                    hashesRecords = found.getInt(2) >= HASHES_RECORDS;
                }
                if (!hashesRecords) {
                    return new ServerHashes(encoding, null);
                }
                try (ResultSet found = statement.executeQuery(SelectionSql.DIGEST_PROBE)) {
                    found.next();
                    return new ServerHashes(encoding, found.getString(1));
                }
            }
        }
    }
}
