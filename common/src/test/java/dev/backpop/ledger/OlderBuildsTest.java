package dev.backpop.ledger;

import static dev.backpop.ledger.LedgerFixture.ask;
import static dev.backpop.ledger.LedgerFixture.newDatabase;
import static dev.backpop.ledger.LedgerFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counters;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.problem.StoreUnreachableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What the ledger refuses sessions of builds that know less of it. */
class OlderBuildsTest {
    private final PGSimpleDataSource database = newDatabase();
    private final PGSimpleDataSource older = newDatabase();
    private Ledger ledger;
    private Ledger olderLedger;

    @BeforeEach
    void open() {
        older.setDatabaseName(database.getDatabaseName());
        // Builds before version 4 say nothing.
        older.setOptions(null);
        ledger = Ledger.open(database);
        olderLedger = Ledger.open(older);
    }

    @Test
    void an_older_build_cannot_say_what_became_of_a_backfills_chunk() throws Exception {
        LedgerFixture.running(ledger, "c1", 2);

        assertThatThrownBy(() -> finish(older, "c1", 1))
                .hasMessageContaining("backfill chunks here are for workers that know version 4 of the ledger")
                .hasMessageContaining("stop it and start a newer one")
                .hasMessageContaining("SET backpop.ledger = 4")
                // What makes a worker hand the chunk back and hold the campaign, in this build as in the first.
                .isInstanceOfSatisfying(
                        SQLException.class,
                        refused -> assertThat(SqlFailure.of(refused)).isEqualTo(SqlFailure.UNAVAILABLE));
        assertThatThrownBy(() -> olderLedger.recordAttempt("c1", 1, "w", "no such column"))
                .isInstanceOf(StoreUnreachableException.class);
        assertThatThrownBy(() -> olderLedger.failChunk("c1", 1, "given up"))
                .isInstanceOf(StoreUnreachableException.class);
        assertThatThrownBy(() -> olderLedger.splitChunk("c1", 1, "w", Duration.ZERO, "too large", halves()))
                .isInstanceOf(StoreUnreachableException.class);

        assertThat(ask(database, "SELECT concat(state, attempts, worker) FROM backpop.chunk"))
                .containsOnly("planned0");
        finish(database, "c1", 1);
        assertThat(ledger.chunk("c1", 1).orElseThrow().state()).isEqualTo(ChunkState.DONE);
    }

    @Test
    void an_older_build_goes_on_with_what_it_understands() throws Exception {
        ledger.create(new NewCampaign("v", "shop", "v", CampaignKind.BACKUP, LedgerFixture.SPEC, "ann@host"));
        ledger.transition("v", CampaignState.RUNNING, null);
        ledger.appendChunks("v", null, LedgerFixture.ranges(1, 1), "[10]", true);

        finish(older, "v", 1);

        assertThat(ledger.chunk("v", 1).orElseThrow().state()).isEqualTo(ChunkState.DONE);
    }

    @Test
    void a_later_script_keeps_chunks_for_later_builds_by_replacing_one_function() throws Exception {
        LedgerFixture.running(ledger, "c1", 2);
        run(
                database,
                "CREATE OR REPLACE FUNCTION backpop.needed_ledger(kind text, pass text) RETURNS int LANGUAGE sql IMMUTABLE"
                        + " AS $$ SELECT CASE WHEN pass = 'closing' THEN 99 ELSE 4 END $$");
        run(database, "SET backpop.ledger = 99; UPDATE backpop.chunk SET pass = 'closing' WHERE chunk_no = 2");

        finish(database, "c1", 1);

        assertThatThrownBy(() -> finish(database, "c1", 2)).hasMessageContaining("know version 99");
    }

    private static List<NewChunk> halves() {
        return List.of(NewChunk.range(null, "[1]", "[5]", 5), NewChunk.range("[5]", "[6]", "[10]", 5));
    }

    private static void finish(PGSimpleDataSource sessions, String id, int chunkNo) throws SQLException {
        try (Connection transaction = LedgerFixture.begin(sessions)) {
            Ledger.finishChunk(transaction, id, chunkNo, "w", Instant.EPOCH, 10, Counters.NONE);
            transaction.commit();
        }
    }
}
