package dev.backpop.ledger;

import static dev.backpop.ledger.LedgerFixture.ask;
import static dev.backpop.ledger.LedgerFixture.newDatabase;
import static dev.backpop.ledger.LedgerFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.campaign.Reject;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.StoreUnreachableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LedgerSchemaTest {
    @Test
    void looking_for_a_ledger_creates_nothing() throws Exception {
        var database = newDatabase();

        assertThat(Ledger.openExisting(database)).isEmpty();

        assertThat(ask(database, "SELECT nspname FROM pg_namespace WHERE nspname = 'backpop'"))
                .isEmpty();
        Ledger.open(database);
        assertThat(Ledger.openExisting(database)).isPresent();
    }

    @Test
    void several_processes_may_open_an_empty_database_at_once() throws Exception {
        var database = newDatabase();
        CyclicBarrier start = new CyclicBarrier(4);
        ExecutorService processes = Executors.newFixedThreadPool(4);
        try {
            List<Future<List<?>>> opened = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                opened.add(processes.submit(() -> {
                    start.await(10, TimeUnit.SECONDS);
                    return Ledger.open(database).list(false, 10);
                }));
            }
            for (Future<List<?>> ledger : opened) {
                assertThat(ledger.get(60, TimeUnit.SECONDS)).isEmpty();
            }
        } finally {
            processes.shutdownNow();
        }
        assertThat(ask(database, "SELECT count(*) FROM backpop.flyway_schema_history WHERE version = '1'"))
                .containsExactly("1");
    }

    @Test
    void a_pool_of_four_connections_is_enough_whatever_its_commit_mode() throws Exception {
        HikariConfig settings = new HikariConfig();
        settings.setDataSource(newDatabase());
        settings.setMaximumPoolSize(4);
        settings.setConnectionTimeout(2000);
        settings.setAutoCommit(false);
        try (HikariDataSource pool = new HikariDataSource(settings)) {
            Ledger ledger = Ledger.open(pool);
            LedgerFixture.running(ledger, "c1", 3);
            try (DriverLock lock = ledger.tryDrive("c1").orElseThrow()) {
                assertThat(lock.held()).isTrue();
                assertThat(ledger.tryDrive("c1")).isEmpty();
            }
            assertThat(Ledger.open(pool).totals("c1").keys()).isEqualTo(30);
            assertThat(ask(
                            pool,
                            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database ="
                                    + " (SELECT oid FROM pg_database WHERE datname = current_database())"))
                    .containsExactly("0");
        }
    }

    @Test
    void a_schema_that_somebody_made_before_is_taken_over() throws Exception {
        var database = newDatabase();
        run(database, "CREATE SCHEMA backpop");
        run(database, "CREATE TABLE backpop.live_touch_post (id bigint)");

        assertThat(Ledger.open(database).list(false, 10)).isEmpty();
    }

    @Test
    void the_newest_script_is_the_version_that_lets_opening_skip_migration() throws Exception {
        var database = newDatabase();
        Ledger.open(database);

        assertThat(ask(database, "SELECT max(version::int) FROM backpop.flyway_schema_history"))
                .containsExactly(Integer.toString(LedgerSchema.VERSION));
    }

    @Test
    void every_counter_has_its_column() throws Exception {
        var database = newDatabase();
        Ledger.open(database);

        assertThat(ask(
                        database,
                        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'backpop'"
                                + " AND table_name = 'chunk' AND column_name LIKE 'rows%' AND data_type = 'bigint'"
                                + " AND is_nullable = 'NO' AND column_default = '0'"))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Counter.values()).map(Counter::column).toList());
    }

    @Test
    void the_checks_know_exactly_our_words() throws Exception {
        var database = newDatabase();
        Ledger.open(database);

        assertThat(words(database, "campaign_state_word"))
                .containsExactlyInAnyOrderElementsOf(
                        words(Stream.of(CampaignState.values()).map(CampaignState::word)));
        assertThat(words(database, "campaign_kind_word"))
                .containsExactlyInAnyOrderElementsOf(
                        words(Stream.of(CampaignKind.values()).map(CampaignKind::word)));
        assertThat(words(database, "chunk_state_word"))
                .containsExactlyInAnyOrderElementsOf(
                        words(Stream.of(ChunkState.values()).map(ChunkState::word)));
        assertThat(words(database, "reject_stage_word"))
                .containsExactlyInAnyOrderElementsOf(
                        words(Stream.of(Reject.Stage.values()).map(Reject.Stage::word)));
        assertThat(words(database, "discrepancy_kind_word"))
                .containsExactlyInAnyOrderElementsOf(
                        words(Stream.of(Discrepancy.Kind.values()).map(Discrepancy.Kind::word)));
        assertThat(words(database, "discrepancy_state_word"))
                .containsExactlyInAnyOrderElementsOf(
                        words(Stream.of(DiscrepancyState.values()).map(DiscrepancyState::word)));
    }

    @Test
    void a_server_that_does_not_answer_is_unreachable() {
        var database = newDatabase();
        database.setPortNumbers(new int[] {1});
        database.setPassword("s3cret");

        assertThatThrownBy(() -> Ledger.open(database))
                .isInstanceOf(StoreUnreachableException.class)
                .hasMessageContaining("BACKPOP_TARGET_URL")
                .hasMessageNotContaining("s3cret");
        assertThatThrownBy(() -> Ledger.openExisting(database)).isInstanceOf(StoreUnreachableException.class);
    }

    @Test
    void a_server_that_goes_away_later_is_unreachable() throws Exception {
        var database = newDatabase();
        Ledger ledger = Ledger.open(database);
        database.setPortNumbers(new int[] {1});

        assertThatThrownBy(() -> ledger.find("c1")).isInstanceOf(StoreUnreachableException.class);
        assertThatThrownBy(() -> ledger.hold("c1", "x")).isInstanceOf(StoreUnreachableException.class);
        assertThatThrownBy(() -> ledger.transition("c1", CampaignState.RUNNING, null))
                .isInstanceOf(StoreUnreachableException.class);
        assertThatThrownBy(() -> ledger.tryDrive("c1")).isInstanceOf(StoreUnreachableException.class);
    }

    @Test
    void a_read_only_server_is_refused_with_the_way_out() {
        var database = newDatabase();
        database.setOptions("-c default_transaction_read_only=on");

        assertThatThrownBy(() -> Ledger.open(database))
                .isInstanceOf(StoreUnreachableException.class)
                .hasMessageContaining("read-only")
                .hasMessageContaining("primary");
        assertThat(Ledger.openExisting(database)).isEmpty();
    }

    @Test
    void a_user_without_the_right_to_create_is_told_the_grant() throws Exception {
        var database = newDatabase();
        String user = database.getDatabaseName() + "_reader";
        run(database, "CREATE ROLE " + user + " LOGIN");
        database.setUser(user);

        assertThatThrownBy(() -> Ledger.open(database))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("GRANT CREATE ON DATABASE " + database.getDatabaseName() + " TO " + user);
    }

    private static List<String> words(Stream<String> words) {
        return words.toList();
    }

    private static List<String> words(javax.sql.DataSource database, String constraint) throws Exception {
        return ask(
                database,
                "SELECT found[1] FROM pg_constraint, regexp_matches(pg_get_constraintdef(oid), '''([a-z]+)''', 'g')"
                        + " AS found WHERE conname = '" + constraint + "'");
    }
}
