package dev.backpop.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backpop.plan.HoldThreshold;
import dev.backpop.plan.HoldThresholds;
import dev.backpop.postgres.PostgresAddress;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.testing.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TargetHealthTest {
    private Database database;
    private PostgresPool pool;
    private TargetHealth health;

    @BeforeEach
    void open() throws SQLException {
        database = Database.with("CREATE TABLE thing (id int PRIMARY KEY)", "INSERT INTO thing VALUES (1)");
        pool = PostgresPool.target(database.address(), "test", 2);
        health = new TargetHealth(pool);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private static Map<HoldThreshold, Reading> look(TargetHealth health, HoldThresholds thresholds) {
        Map<HoldThreshold, Reading> found = new java.util.EnumMap<>(HoldThreshold.class);
        Objects.requireNonNull(health.look(List.of(new Watch("c", thresholds, "thing")))
                        .get("c"))
                .forEach(reading -> found.put(reading.threshold(), reading));
        return found;
    }

    private Reading.Known known(HoldThreshold threshold, HoldThresholds thresholds) {
        return (Reading.Known) Objects.requireNonNull(look(health, thresholds).get(threshold));
    }

    private static HoldThresholds query(String sql) {
        return HoldThresholds.DEFAULTS.with(HoldThreshold.QUERY, sql);
    }

    @Test
    void a_target_that_is_well_is_known_to_be_so() {
        Map<HoldThreshold, Reading> readings = look(health, HoldThresholds.DEFAULTS);

        assertThat(readings.keySet())
                .containsExactly(
                        HoldThreshold.REPLICA_LAG,
                        HoldThreshold.WRAPAROUND_AUTOVACUUM,
                        HoldThreshold.UNARCHIVED_WAL,
                        HoldThreshold.ACTIVE_BACKENDS,
                        HoldThreshold.LOCK_WAITS);
        assertThat(readings.values())
                .allSatisfy(reading -> assertThat(reading)
                        .isInstanceOfSatisfying(
                                Reading.Known.class,
                                known -> assertThat(known.share()).isLessThan(0.8)));
    }

    @Test
    void a_threshold_that_is_switched_off_is_not_asked_for() {
        HoldThresholds none = HoldThresholds.DEFAULTS;
        for (HoldThreshold threshold : HoldThreshold.values()) {
            none = none.with(threshold, HoldThreshold.OFF);
        }

        assertThat(look(health, none)).isEmpty();
    }

    @Test
    void sessions_that_wait_for_a_lock_are_counted_in_this_database_alone() throws Exception {
        HoldThresholds two = HoldThresholds.DEFAULTS.with(HoldThreshold.LOCK_WAITS, "2");
        Database other = Database.with("CREATE TABLE thing (id int PRIMARY KEY)");
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        try (Connection holder = database.connect();
                Connection holderElsewhere = other.connect()) {
            lock(holder);
            lock(holderElsewhere);
            for (int i = 0; i < 3; i++) {
                waiting.add(CompletableFuture.runAsync(() -> delete(database)));
            }
            waiting.add(CompletableFuture.runAsync(() -> delete(other)));
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> waits(database) == 3 && waits(other) == 1);

            Reading.Known reading = known(HoldThreshold.LOCK_WAITS, two);

            assertThat(reading.over()).isTrue();
            assertThat(reading.share()).isEqualTo(1.5);
            assertThat(reading.found()).isEqualTo("3 sessions wait for locks");
            assertThat(reading.bound()).isEqualTo("more than 2");
            assertThat(reading.wayOn()).isEqualTo("lock_waits=6");
            holder.rollback();
            holderElsewhere.rollback();
        }
        CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new)).join();
        assertThat(known(HoldThreshold.LOCK_WAITS, two).share()).isZero();
    }

    private static void lock(Connection holder) throws SQLException {
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute("LOCK TABLE thing");
        }
    }

    private static void delete(Database where) {
        try {
            where.run("DELETE FROM thing");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long waits(Database where) throws SQLException {
        return Long.parseLong(where.ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                        + " AND datname = current_database()")
                .get(0));
    }

    @Test
    void backends_that_run_a_statement_are_a_share_of_what_the_server_allows() throws Exception {
        int most = Integer.parseInt(database.ask("SHOW max_connections").get(0));
        try (Connection busy = database.connect();
                Connection idle = database.connect()) {
            CompletableFuture<Boolean> cancelled = CompletableFuture.supplyAsync(() -> {
                try (Statement statement = busy.createStatement()) {
                    return statement.execute("SELECT pg_sleep(60)");
                } catch (SQLException e) {
                    return true;
                }
            });
            Awaitility.await()
                    .until(() -> !database.ask("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                                    + " AND datname = current_database()")
                            .isEmpty());
            double tiny = 0.5 / most;
            Reading.Known reading = known(
                    HoldThreshold.ACTIVE_BACKENDS,
                    HoldThresholds.DEFAULTS.with(
                            HoldThreshold.ACTIVE_BACKENDS, String.format(Locale.ROOT, "%.9f", tiny)));

            assertThat(idle.isValid(1)).isTrue();
            assertThat(reading.over()).isTrue();
            assertThat(reading.found()).endsWith(" of at most " + most + " backends are active");
            assertThat(known(HoldThreshold.ACTIVE_BACKENDS, HoldThresholds.DEFAULTS)
                            .share())
                    .isCloseTo(reading.share() * tiny / 0.8, within(0.1));
            database.run("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
                    + " AND datname = current_database()");
            assertThat(cancelled.join()).isTrue();
        }
    }

    @Test
    void a_query_of_the_plan_holds_with_its_own_words() throws Exception {
        for (String no : List.of("NULL", "false", "''", "' '", "'false'", "1 WHERE false")) {
            assertThat(known(HoldThreshold.QUERY, query("SELECT " + no)).over())
                    .as(no)
                    .isFalse();
        }
        assertThat(known(HoldThreshold.QUERY, query("SELECT true")).over()).isTrue();
        Reading.Known says = known(
                HoldThreshold.QUERY, query("SELECT 'replication slot ' || 7 || ' is behind' UNION ALL SELECT 'x'"));

        assertThat(says.over()).isTrue();
        assertThat(says.found()).isEqualTo("the query of the plan says: replication slot 7 is behind");
        assertThat(says.wayOn()).isEqualTo("query=null");
    }

    @Test
    void a_query_that_fails_or_takes_too_long_or_writes_is_unknown_and_keeps_nothing_else_from_being_known()
            throws Exception {
        for (String sql : List.of("SELECT nonsense", "SELECT pg_sleep(60)", "DELETE FROM thing RETURNING id")) {
            long begin = System.nanoTime();
            Map<HoldThreshold, Reading> readings = look(health, query(sql));

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
            assertThat(readings.get(HoldThreshold.QUERY))
                    .isInstanceOfSatisfying(
                            Reading.Unknown.class,
                            unknown -> assertThat(unknown.why()).startsWith("the target says: "));
            assertThat(readings.get(HoldThreshold.LOCK_WAITS)).isInstanceOf(Reading.Known.class);
        }
        assertThat(database.ask("SELECT count(*) FROM thing")).containsExactly("1");
        assertThat(known(HoldThreshold.QUERY, query("SELECT true")).over()).isTrue();
    }

    @Test
    void the_session_goes_back_to_the_pool_as_it_came() throws Exception {
        look(health, HoldThresholds.DEFAULTS);

        try (Connection connection = pool.connection()) {
            assertThat(Database.ask(connection, "SHOW statement_timeout")).containsExactly("1min");
            assertThat(Database.ask(connection, "SHOW transaction_read_only")).containsExactly("off");
            assertThat(connection.getAutoCommit()).isTrue();
        }
    }

    @Test
    void a_user_without_rights_knows_what_it_can_and_is_told_the_grant_for_the_rest() throws Exception {
        String user = database.name() + "_app";
        database.run("CREATE ROLE " + user + " LOGIN", "GRANT ALL ON thing TO " + user);
        String url = database.url().replace("postgres@", user + "@");
        try (PostgresPool plain = PostgresPool.target(PostgresAddress.parse("test", url, null, null), "test", 2)) {
            Map<HoldThreshold, Reading> readings = look(new TargetHealth(plain), HoldThresholds.DEFAULTS);

            assertThat(readings.get(HoldThreshold.LOCK_WAITS)).isInstanceOf(Reading.Known.class);
            assertThat(readings.get(HoldThreshold.REPLICA_LAG)).isInstanceOf(Reading.Known.class);
            assertThat(readings.get(HoldThreshold.UNARCHIVED_WAL)).isInstanceOf(Reading.Known.class);
            for (HoldThreshold threshold :
                    List.of(HoldThreshold.ACTIVE_BACKENDS, HoldThreshold.WRAPAROUND_AUTOVACUUM)) {
                assertThat(readings.get(threshold))
                        .isInstanceOfSatisfying(
                                Reading.Unknown.class,
                                unknown -> assertThat(unknown.why()).contains("GRANT pg_monitor TO " + user));
            }
            HoldDecision decision = new HoldDecision("c");
            decision.observe(List.copyOf(readings.values()));
            assertThat(decision.held()).isFalse();
            database.run("GRANT pg_monitor TO " + user);
            assertThat(look(new TargetHealth(plain), HoldThresholds.DEFAULTS).values())
                    .allSatisfy(reading -> assertThat(reading).isInstanceOf(Reading.Known.class));
        }
    }

    @Test
    void a_target_that_is_not_there_is_unknown_in_everything() {
        try (PostgresPool gone = PostgresPool.target(
                PostgresAddress.parse("test", "postgresql://postgres@127.0.0.1:1/none", null, null), "test", 1)) {
            assertThat(look(new TargetHealth(gone), HoldThresholds.DEFAULTS).values())
                    .hasSize(5)
                    .allSatisfy(reading -> assertThat(reading).isInstanceOf(Reading.Unknown.class));
        }
    }

    @Test
    void campaigns_of_other_thresholds_get_their_own_readings_of_one_look() {
        Map<String, List<Reading>> looks = health.look(List.of(
                new Watch("a", query("SELECT true"), "thing"),
                new Watch("b", HoldThresholds.DEFAULTS.with(HoldThreshold.REPLICA_LAG, HoldThreshold.OFF), null)));

        assertThat(looks.get("a")).hasSize(6);
        assertThat(looks.get("b"))
                .extracting(Reading::threshold)
                .containsExactly(HoldThreshold.UNARCHIVED_WAL, HoldThreshold.ACTIVE_BACKENDS, HoldThreshold.LOCK_WAITS);
    }
}
