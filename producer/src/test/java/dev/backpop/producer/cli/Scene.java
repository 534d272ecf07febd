package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.campaign.Reject;
import dev.backpop.campaign.Sighting;
import dev.backpop.ledger.DiscrepancyState;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.NewCampaign;
import dev.backpop.ledger.NewChunk;
import dev.backpop.producer.driver.Session;
import dev.backpop.queue.WorkerStatus;
import dev.backpop.settings.Environment;
import dev.backpop.settings.Settings;
import dev.backpop.testing.Servers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A ledger and a part of Redis of a test's own, and campaigns in them whose chunks never ran. */
final class Scene implements AutoCloseable {
    final Map<String, String> variables = Map.of(
            Settings.REDIS_URL, Servers.redis().url(),
            Settings.REDIS_PREFIX, Servers.newPrefix(),
            Settings.TARGET_URL, Servers.newDatabase());
    final Session session;

    Scene() {
        Environment environment = new Environment(variables::get);
        Settings settings = Settings.of(Settings.Flags.NONE, environment);
        session = Session.open(settings, settings.target(), environment, Clock.systemUTC());
    }

    CommandRun run(String... arguments) {
        return CommandRun.of(variables, arguments);
    }

    /** The documents that a command printed. */
    List<JsonNode> json(String... arguments) {
        return run(arguments).out().lines().map(JsonMapper.shared()::readTree).toList();
    }

    /** A running campaign of the entity, with planned ranges of ten keys. */
    Campaign running(String id, String entity, CampaignKind kind, int chunks) {
        CampaignSpec spec = new CampaignSpec("plan: shop", "/plans", null, null, false);
        session.ledger().create(new NewCampaign(id, "shop", entity, kind, spec, "ann@host"));
        session.ledger().transition(id, CampaignState.RUNNING, null);
        List<NewChunk> ranges = new ArrayList<>();
        for (int i = 0; i < chunks; i++) {
            ranges.add(NewChunk.range(
                    i == 0 ? null : "[" + i * 10 + "]", "[" + (i * 10 + 1) + "]", "[" + (i + 1) * 10 + "]", 10));
        }
        session.ledger().appendChunks(id, null, ranges, "[" + chunks * 10 + "]", true);
        return session.office().require(id);
    }

    void finish(String id, int chunkNo, Map<Counter, Long> counters) throws SQLException {
        long keys = counters.values().stream().mapToLong(Long::longValue).sum();
        transaction(connection ->
                Ledger.finishChunk(connection, id, chunkNo, "w1", Instant.EPOCH, keys, Counters.of(counters)));
    }

    void reject(String id, Reject... rejects) throws SQLException {
        transaction(connection -> Ledger.addRejects(connection, id, 1, "customer", List.of(rejects)));
    }

    void differ(String id, DiscrepancyState state, Discrepancy... discrepancies) throws SQLException {
        transaction(connection -> Ledger.addDiscrepancies(
                connection,
                id,
                1,
                "customer",
                state,
                Arrays.stream(discrepancies)
                        .map(found -> new Sighting(found, "", "", null))
                        .toList()));
    }

    void end(String id, CampaignState state, @Nullable String reason) {
        session.office().change(id, state, reason);
    }

    void execute(String sql) throws SQLException {
        transaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        });
    }

    void worker(String name, @Nullable String problem, String... current) {
        session.dispatch()
                .heartbeats()
                .beat(new WorkerStatus(name, "host1", 4_711, "1.0", 4, List.of(current), 0, problem, "running"));
    }

    private void transaction(Work work) throws SQLException {
        try (Connection connection = session.target().connection()) {
            connection.setAutoCommit(false);
            work.in(connection);
            connection.commit();
        }
    }

    private interface Work {
        void in(Connection connection) throws SQLException;
    }

    @Override
    public void close() {
        session.close();
    }
}
