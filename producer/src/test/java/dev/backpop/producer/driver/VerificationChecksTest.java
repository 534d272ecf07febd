package dev.backpop.producer.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.ledger.CampaignCheck;
import dev.backpop.postgres.PostgresAddress;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.stores.EntityStores;
import java.sql.Connection;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a verification proves beyond its rows, on a table of 100 things that are the same on both sides. */
class VerificationChecksTest {
    private DriverScene scene;
    private Clock clock = Clock.systemUTC();

    @BeforeEach
    void open() throws Exception {
        scene = new DriverScene(100);
        scene.plan += "    verify: { settle: 0s }\n";
        sql("INSERT INTO thing SELECT id FROM old_thing");
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private void sql(String... statements) throws Exception {
        scene.database.run(statements);
    }

    private String verified() throws Exception {
        String id = scene.create(CampaignKind.VERIFY, null, null, null);
        scene.toEnd(id);
        return id;
    }

    private VerificationChecks checks(StoredPlan plan) {
        return new VerificationChecks(scene.ledger, plan, clock);
    }

    private List<CampaignCheck> run(String id) {
        try (StoredPlan plan = scene.plan()) {
            return run(checks(plan), plan, id);
        }
    }

    private List<CampaignCheck> run(VerificationChecks checks, StoredPlan plan, String id) {
        Campaign campaign = scene.ledger.find(id).orElseThrow();
        EntityStores stores = plan.entity(campaign);
        return checks.run(campaign, stores, scene.ledger.totals(id));
    }

    private static String said(List<CampaignCheck> checks, String name) {
        return String.join(
                "\n",
                checks.stream()
                        .filter(check -> check.name().equals(name))
                        .map(check -> check.state().word() + ": " + check.message())
                        .toList());
    }

    private String counts(String id) {
        return said(run(id), "counts");
    }

    private String keys(String id) {
        return said(run(id), "foreign key");
    }

    private String sequences(String id) {
        return said(run(id), "sequence");
    }

    @Test
    void counts_of_both_sides_are_those_of_the_sum() throws Exception {
        assertThat(counts(verified()))
                .isEqualTo(
                        "passed: legacy 100 rows, target 100; compared: 100 keys enumerated, 0 missing, 0 unexpected");
    }

    @Test
    void a_row_that_one_side_has_lost_and_nobody_listed_is_a_failure() throws Exception {
        String id = verified();
        sql("DELETE FROM thing WHERE id = 50");

        assertThat(counts(id))
                .startsWith("failed: legacy 100 rows, target 99; compared: 100 keys enumerated")
                .contains("the target should have 100 rows");
    }

    @Test
    void a_row_without_a_key_which_no_range_selects_is_counted() throws Exception {
        sql(
                "ALTER TABLE thing DROP CONSTRAINT thing_pkey, ALTER COLUMN id DROP NOT NULL",
                "CREATE UNIQUE INDEX ON thing (id)");
        String id = verified();
        sql("INSERT INTO thing VALUES (NULL)");

        assertThat(counts(id)).startsWith("failed: legacy 100 rows, target 101;");
    }

    @Test
    void keys_that_nobody_enumerated_are_a_failure_though_the_sum_adds_up() throws Exception {
        String id = verified();
        sql("UPDATE backpop.chunk SET key_count = key_count - 10, rows_matched = rows_matched - 10");
        assertThat(scene.ledger.totals(id).tally(CampaignKind.VERIFY).addsUp()).isTrue();

        assertThat(counts(id))
                .startsWith("failed: legacy 100 rows, target 100; compared: 90 keys enumerated")
                .contains("has 10 rows more than were enumerated", "keys were left out");
    }

    @Test
    void a_key_counted_twice_is_a_failure() throws Exception {
        String id = verified();
        sql("UPDATE backpop.chunk SET key_count = key_count + 1, rows_matched = rows_matched + 1");

        assertThat(counts(id)).startsWith("failed: ").contains("has 1 rows fewer than were enumerated");
    }

    @Test
    void rows_that_live_writers_added_on_both_sides_meanwhile_are_explained_by_their_touches() throws Exception {
        scene.plan = scene.plan.replace("guard: overwrite", "guard: fence");
        sql("DELETE FROM old_thing WHERE id IN (5, 6)", "DELETE FROM thing WHERE id IN (5, 6)");
        String backfill = scene.create(CampaignKind.BACKFILL, null, null, null);
        scene.toEnd(backfill);
        String id = verified();
        sql("INSERT INTO old_thing VALUES (5)", "INSERT INTO thing VALUES (5)");

        assertThat(counts(id)).startsWith("passed: legacy 99 rows, target 99; compared: 98 keys enumerated");

        sql("INSERT INTO old_thing VALUES (6)");
        assertThat(counts(id)).startsWith("failed: legacy 100 rows, target 99;");
    }

    @Test
    void without_a_record_of_live_writes_what_they_may_explain_is_unknown() throws Exception {
        scene.plan = scene.plan.replace("guard: overwrite", "guard: insert-only");
        sql("DELETE FROM old_thing WHERE id = 5", "DELETE FROM thing WHERE id = 5");
        String id = verified();
        sql("INSERT INTO old_thing VALUES (5)", "INSERT INTO thing VALUES (5)");

        assertThat(counts(id)).startsWith("unknown: ").contains("no record is kept");
    }

    @Test
    void what_has_not_held_still_for_as_long_as_rows_settle_is_moving() throws Exception {
        scene.plan = scene.plan.replace("settle: 0s", "settle: 5s");
        String id = verified();
        sql("DELETE FROM thing WHERE id = 50");
        Instant start = Instant.now();
        try (StoredPlan plan = scene.plan()) {
            MovedClock moved = new MovedClock(start);
            VerificationChecks checks = new VerificationChecks(scene.ledger, plan, moved);

            assertThat(said(run(checks, plan, id), "counts")).startsWith("moving: legacy 100 rows, target 99;");
            moved.now = start.plusSeconds(4);
            assertThat(said(run(checks, plan, id), "counts")).startsWith("moving: ");
            sql("DELETE FROM thing WHERE id = 51");
            moved.now = start.plusSeconds(6);
            assertThat(said(run(checks, plan, id), "counts")).startsWith("moving: legacy 100 rows, target 98;");
            moved.now = start.plusSeconds(11);
            assertThat(said(run(checks, plan, id), "counts")).startsWith("failed: legacy 100 rows, target 98;");
            sql("INSERT INTO thing VALUES (50), (51)");
            assertThat(said(run(checks, plan, id), "counts")).startsWith("passed: ");
        }
    }

    @Test
    void only_the_scope_of_the_campaign_is_counted() throws Exception {
        String id = scene.create(CampaignKind.VERIFY, "11", "60", null);
        scene.toEnd(id);
        sql("DELETE FROM thing WHERE id NOT BETWEEN 11 AND 60", "INSERT INTO old_thing VALUES (101), (0)");

        assertThat(counts(id)).startsWith("passed: legacy 50 rows, target 50;");
        sql("DELETE FROM thing WHERE id = 60");
        assertThat(counts(id)).startsWith("failed: legacy 50 rows, target 49;");
    }

    @Test
    void rows_that_come_above_the_frozen_bound_do_not_matter() throws Exception {
        String id = verified();
        sql("INSERT INTO old_thing VALUES (101), (102)", "INSERT INTO thing VALUES (101)");

        assertThat(counts(id)).startsWith("passed: legacy 100 rows, target 100;");
    }

    @Test
    void of_listed_keys_nothing_is_proved_as_a_whole() throws Exception {
        String id = scene.create(CampaignKind.VERIFY, null, null, List.of("7"));
        scene.toEnd(id);

        assertThat(run(id)).isEmpty();
    }

    @Test
    void what_takes_too_long_is_unknown_with_the_reason() throws Exception {
        scene.plan = scene.plan.replace(
                "target: { url: \"${STORE_URL}\" }", "target: { url: \"${STORE_URL}\", statement_timeout: 100ms }");
        String id = verified();
        try (StoredPlan plan = scene.plan();
                Connection other = scene.database.connect()) {
            Campaign campaign = scene.ledger.find(id).orElseThrow();
            EntityStores stores = plan.entity(campaign);
            other.setAutoCommit(false);
            other.createStatement().execute("LOCK TABLE thing");

            assertThat(said(checks(plan).run(campaign, stores, scene.ledger.totals(id)), "counts"))
                    .startsWith("unknown: ")
                    .contains("100 enumerated = 100 matched", "statement timeout", "target.statement_timeout");
        }
    }

    @Test
    void a_foreign_key_that_holds_needs_no_scan() throws Exception {
        sql(
                "CREATE TABLE owner (id int PRIMARY KEY)",
                "ALTER TABLE thing ADD owner_id int CONSTRAINT thing_owner REFERENCES owner");

        assertThat(keys(verified()))
                .isEqualTo("passed: public.thing (owner_id) refers to public.owner: the constraint is validated and"
                        + " enforced, so the database vouches for it; its rows were not scanned");
    }

    @Test
    void orphans_under_a_foreign_key_that_is_not_validated_are_counted() throws Exception {
        sql(
                "CREATE TABLE owner (id int PRIMARY KEY)",
                "INSERT INTO owner VALUES (1)",
                "ALTER TABLE thing ADD owner_id int",
                "UPDATE thing SET owner_id = CASE id WHEN 7 THEN 2 WHEN 8 THEN 3 WHEN 9 THEN NULL ELSE 1 END",
                "ALTER TABLE thing ADD CONSTRAINT thing_owner FOREIGN KEY (owner_id) REFERENCES owner NOT VALID");
        String id = verified();

        assertThat(keys(id))
                .startsWith("failed: ")
                .contains(
                        "the constraint is NOT VALID, and 2 rows have no parent, such as (id) = (7) refers to (owner_id) ="
                                + " (2)",
                        "VALIDATE CONSTRAINT \"thing_owner\"");
        sql("INSERT INTO owner VALUES (2), (3)");
        assertThat(keys(id)).startsWith("passed: ").endsWith("every row was found to have its parent");
    }

    @Test
    void a_foreign_key_that_is_not_enforced_or_whose_triggers_are_off_vouches_for_nothing() throws Exception {
        sql(
                "CREATE TABLE owner (id int PRIMARY KEY)",
                "ALTER TABLE thing ADD owner_id int, ADD other_id int",
                "ALTER TABLE thing ADD CONSTRAINT a_declared FOREIGN KEY (owner_id) REFERENCES owner NOT ENFORCED",
                "ALTER TABLE thing ADD CONSTRAINT b_disabled FOREIGN KEY (other_id) REFERENCES owner",
                "ALTER TABLE thing DISABLE TRIGGER ALL",
                "UPDATE thing SET owner_id = 1, other_id = 2 WHERE id = 7");

        assertThat(keys(verified()).lines())
                .hasSize(2)
                .satisfiesExactly(
                        first -> assertThat(first)
                                .startsWith("failed: ")
                                .contains("NOT ENFORCED, and 1 row has no parent", "(owner_id) = (1)"),
                        second -> assertThat(second)
                                .startsWith("failed: ")
                                .contains("its triggers are disabled on thing, and 1 row", "(other_id) = (2)"));
    }

    @Test
    void sessions_that_write_as_replicas_make_every_foreign_key_doubtful() throws Exception {
        sql(
                "CREATE TABLE owner (id int PRIMARY KEY)",
                "ALTER TABLE thing ADD owner_id int REFERENCES owner",
                "ALTER DATABASE " + scene.database.name() + " SET session_replication_role = replica");
        sql("UPDATE thing SET owner_id = 1 WHERE id = 7");

        assertThat(keys(verified())).startsWith("failed: ").contains("session_replication_role", "1 row has no parent");
    }

    @Test
    void foreign_keys_of_others_to_the_table_count_too_and_partitions_once() throws Exception {
        sql(
                "CREATE TABLE part (thing_id int, number int, PRIMARY KEY (thing_id, number)) PARTITION BY RANGE (number)",
                "CREATE TABLE part_low PARTITION OF part FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE part_high PARTITION OF part FOR VALUES FROM (10) TO (20)",
                "ALTER TABLE part ADD CONSTRAINT part_thing FOREIGN KEY (thing_id) REFERENCES thing",
                "ALTER TABLE part_high DISABLE TRIGGER ALL",
                "INSERT INTO part_high VALUES (777, 11)");

        List<CampaignCheck> found = run(verified()).stream()
                .filter(check -> check.name().equals("foreign key"))
                .toList();
        assertThat(found).hasSize(1);
        assertThat(found.get(0).subject()).isEqualTo("part_thing of public.part");
        assertThat(found.get(0).message())
                .contains(
                        "disabled on part_high, and 1 row has no parent, such as (thing_id, number) = (777, 11) refers to"
                                + " (thing_id) = (777)");
    }

    @Test
    void a_parent_of_the_plan_that_no_foreign_key_points_to_is_unknown() throws Exception {
        sql("CREATE TABLE owner (id int PRIMARY KEY)", "ALTER TABLE thing ADD owner_id int");
        scene.plan = scene.plan.replace("  thing:", """
                  owner:
                    from: { table: owner, key: id }
                    into: { table: owner, key: id }
                    columns: { id: id }
                    guard: overwrite
                  thing:
                    parents: [owner]""".indent(2).stripTrailing());

        assertThat(keys(verified()))
                .startsWith("unknown: there is no foreign key from thing (owner_id) to owner")
                .contains("nothing proves that parents are there");
    }

    @Test
    void a_sequence_behind_the_greatest_key_is_a_failure_with_what_mends_it() throws Exception {
        sql("CREATE SEQUENCE thing_seq OWNED BY thing.id");
        String id = verified();

        String found = sequences(id);

        assertThat(found).startsWith("failed: the greatest id is 100 and the next value of public.thing_seq is 1:");
        sql("SELECT setval('thing_seq', 100, false)");
        assertThat(sequences(id)).startsWith("failed: ");
        sql(found.substring(found.indexOf("SELECT setval")));
        assertThat(sequences(id))
                .startsWith("passed: the greatest id is 100 and the next value of public.thing_seq is 101");
        assertThat(scene.database.ask("SELECT nextval('thing_seq')")).containsExactly("101");
    }

    @Test
    void a_sequence_must_be_ahead_by_the_margin() throws Exception {
        scene.plan = scene.plan.replace("settle: 0s", "settle: 0s, sequence_margin: 1000");
        sql("CREATE SEQUENCE thing_seq OWNED BY thing.id", "SELECT setval('thing_seq', 1099)");
        String id = verified();

        String found = sequences(id);

        assertThat(found).startsWith("failed: ").contains("(margin 1,000)");
        sql(found.substring(found.indexOf("SELECT setval")));
        assertThat(scene.database.ask("SELECT last_value FROM thing_seq")).containsExactly("1100");
        assertThat(sequences(id)).startsWith("passed: ");
    }

    @Test
    void sequences_of_identities_defaults_and_unmapped_columns_count_however_they_count() throws Exception {
        sql(
                "ALTER TABLE thing ADD serial_no serial, ADD down int, ADD late bigint, ADD label text",
                "UPDATE thing SET down = -id, late = id",
                "CREATE SEQUENCE down_seq INCREMENT -1",
                "ALTER TABLE thing ALTER down SET DEFAULT nextval('down_seq')",
                "CREATE SEQUENCE late_seq",
                "ALTER TABLE thing ALTER late SET DEFAULT nextval('late_seq'::text)",
                "CREATE SEQUENCE label_seq",
                "ALTER TABLE thing ALTER label SET DEFAULT 'x' || nextval('label_seq')",
                "ALTER TABLE thing ALTER id ADD GENERATED BY DEFAULT AS IDENTITY");
        String id = verified();

        List<String> found = sequences(id).lines().toList();

        assertThat(found).hasSize(4);
        assertThat(found.get(0))
                .startsWith("failed: the least down is -100 and the next value of public.down_seq is -1:");
        assertThat(found.get(1)).startsWith("failed: the greatest id is 100 and the next value of public.thing_id_seq");
        assertThat(found.get(2))
                .startsWith("failed: the greatest late is 100 and the next value of public.late_seq is 1:");
        assertThat(found.get(3)).startsWith("passed: the greatest serial_no is 100");
        for (String failed : found.subList(0, 3)) {
            sql(failed.substring(failed.indexOf("SELECT setval")));
        }
        assertThat(sequences(id).lines()).allMatch(line -> line.startsWith("passed: "));
        assertThat(scene.database.ask("SELECT nextval('down_seq')")).containsExactly("-101");
    }

    @Test
    void a_sequence_at_its_end_is_a_failure() throws Exception {
        sql("CREATE SEQUENCE thing_seq MAXVALUE 100 OWNED BY thing.id", "SELECT setval('thing_seq', 100)");

        assertThat(sequences(verified())).startsWith("failed: ").contains("gives no more values");
    }

    @Test
    void a_sequence_that_the_user_may_not_read_is_unknown() throws Exception {
        String role = "reader_of_" + scene.database.name();
        sql(
                "CREATE SEQUENCE thing_seq OWNED BY thing.id",
                "CREATE ROLE " + role + " LOGIN",
                "GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + role);
        String id = verified();
        sql("REVOKE ALL ON thing_seq FROM " + role);
        TargetQuestions asked;
        try (StoredPlan plan = scene.plan();
                PostgresPool reader = PostgresPool.target(
                        PostgresAddress.parse("test", scene.database.url(), role, null), "test", 1)) {
            asked = new TargetQuestions(reader);
            EntityStores stores = plan.entity(scene.ledger.find(id).orElseThrow());

            assertThat(said(new SequenceCheck(asked, clock).run(stores), "sequence"))
                    .startsWith("unknown: ")
                    .contains("permission denied for sequence thing_seq", "GRANT SELECT");
        }
    }

    /** A clock that stands where a test puts it. */
    private static final class MovedClock extends Clock {
        private Instant now;

        MovedClock(Instant now) {
            this.now = now;
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    }
}
