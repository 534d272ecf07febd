package dev.backpop.ledger;

import static dev.backpop.ledger.LedgerFixture.SPEC;
import static dev.backpop.ledger.LedgerFixture.ask;
import static dev.backpop.ledger.LedgerFixture.backfill;
import static dev.backpop.ledger.LedgerFixture.newDatabase;
import static dev.backpop.ledger.LedgerFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignSettings;
import dev.backpop.campaign.CampaignState;
import dev.backpop.problem.InvalidInputException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CampaignTableTest {
    private static DataSource database;
    private static Ledger ledger;

    @BeforeAll
    static void open() {
        database = newDatabase();
        ledger = Ledger.open(database);
    }

    @BeforeEach
    void clear() throws Exception {
        run(database, "TRUNCATE backpop.campaign CASCADE");
    }

    @Test
    void a_campaign_is_found_as_it_was_created() {
        Campaign created = ledger.create(backfill("c1", "post"));

        assertThat(ledger.find("c1")).contains(created);
        assertThat(created.spec()).isEqualTo(SPEC);
        assertThat(created.state()).isEqualTo(CampaignState.PLANNED);
        assertThat(created.kind()).isEqualTo(CampaignKind.BACKFILL);
        assertThat(created.createdBy()).isEqualTo("ann@host");
        assertThat(created.planDone()).isFalse();
        assertThat(created.startedAt()).isNull();
        assertThat(created.keyUpper()).isNull();
        assertThat(ledger.find("c2")).isEmpty();
    }

    @Test
    void a_spec_of_a_newer_build_is_read_without_its_new_fields() throws Exception {
        ledger.create(backfill("c1", "post"));
        run(database, "UPDATE backpop.campaign SET spec = spec || '{\"later\": 7}'");

        assertThat(ledger.find("c1").orElseThrow().spec()).isEqualTo(SPEC);
    }

    @Test
    void a_second_active_campaign_of_an_entity_is_refused_by_the_name_of_the_first() {
        ledger.create(backfill("c1", "post"));

        assertThatThrownBy(() -> ledger.create(backfill("c2", "post")))
                .isInstanceOfSatisfying(
                        CampaignConflictException.class,
                        conflict -> assertThat(conflict.activeCampaignId()).isEqualTo("c1"))
                .hasMessageContaining("backpop resume c1")
                .hasMessageContaining("backpop cancel c1");
        ledger.create(backfill("c3", "comment"));
        ledger.transition("c1", CampaignState.CANCELLED, null);
        ledger.create(backfill("c2", "post"));
        assertThat(ledger.find("c2")).isPresent();
    }

    @Test
    void a_failed_campaign_cannot_come_back_beside_an_active_one() {
        ledger.create(backfill("c1", "post"));
        ledger.transition("c1", CampaignState.RUNNING, null);
        ledger.transition("c1", CampaignState.FAILED, "half of it failed");
        ledger.create(backfill("c2", "post"));

        assertThatThrownBy(() -> ledger.transition("c1", CampaignState.RUNNING, null))
                .isInstanceOf(CampaignConflictException.class)
                .hasMessageContaining("c2");
        assertThat(ledger.find("c1").orElseThrow().state()).isEqualTo(CampaignState.FAILED);
    }

    @Test
    void an_id_is_given_once() {
        ledger.create(backfill("c1", "post"));

        assertThatThrownBy(() -> ledger.create(backfill("c1", "comment")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("c1");
        assertThatThrownBy(() -> backfill("c {1}", "comment")).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void campaigns_are_listed_newest_first() throws Exception {
        ledger.create(backfill("c1", "post"));
        ledger.create(backfill("c2", "comment"));
        ledger.create(backfill("c3", "vote"));
        run(database, "UPDATE backpop.campaign SET created_at = now() - interval '1 day' WHERE id = 'c3'");
        ledger.transition("c1", CampaignState.CANCELLED, null);

        assertThat(ledger.list(false, 10)).extracting(Campaign::id).containsExactly("c2", "c1", "c3");
        assertThat(ledger.list(true, 10)).extracting(Campaign::id).containsExactly("c2", "c3");
        assertThat(ledger.list(true, 1)).extracting(Campaign::id).containsExactly("c2");
    }

    @Test
    void every_pair_of_states_is_moved_or_refused_by_the_table() throws Exception {
        ledger.create(backfill("c1", "post"));
        for (CampaignState from : CampaignState.values()) {
            for (CampaignState to : CampaignState.values()) {
                run(database, "UPDATE backpop.campaign SET state = '" + from.word() + "', reason = 'before'");
                if (from == to) {
                    assertThat(ledger.transition("c1", to, "again").reason()).isEqualTo("before");
                } else if (from.canBecome(to)) {
                    assertThat(ledger.transition("c1", to, "why").state()).isEqualTo(to);
                    assertThat(ask(database, "SELECT state || ' ' || reason FROM backpop.campaign"))
                            .containsExactly(to.word() + " why");
                } else {
                    assertThatThrownBy(() -> ledger.transition("c1", to, "why"))
                            .isInstanceOf(InvalidInputException.class)
                            .hasMessageContaining("is " + from.word() + " and cannot become " + to.word());
                    assertThat(ledger.find("c1").orElseThrow().state()).isEqualTo(from);
                }
            }
        }
    }

    @Test
    void times_follow_the_state() {
        ledger.create(backfill("c1", "post"));
        Campaign running = ledger.transition("c1", CampaignState.RUNNING, null);
        ledger.transition("c1", CampaignState.PAUSED, null);
        Campaign resumed = ledger.transition("c1", CampaignState.RUNNING, null);
        Campaign completed = ledger.transition("c1", CampaignState.COMPLETED, null);
        Campaign again = ledger.transition("c1", CampaignState.RUNNING, null);

        assertThat(running.startedAt()).isNotNull().isEqualTo(resumed.startedAt());
        assertThat(running.finishedAt()).isNull();
        assertThat(completed.finishedAt()).isNotNull();
        assertThat(again.finishedAt()).isNull();
        assertThatThrownBy(() -> ledger.transition("c9", CampaignState.RUNNING, null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("c9");
    }

    @Test
    void a_hold_stands_beside_running_and_goes_with_it() {
        ledger.create(backfill("c1", "post"));
        ledger.hold("c1", "too early");
        assertThat(ledger.find("c1").orElseThrow().holdReason()).isNull();

        ledger.transition("c1", CampaignState.RUNNING, null);
        ledger.hold("c1", "budget spent");
        assertThat(ledger.find("c1").orElseThrow().holdReason()).isEqualTo("budget spent");
        ledger.hold("c1", null);
        assertThat(ledger.find("c1").orElseThrow().holdReason()).isNull();
        ledger.hold("c1", "legacy down");
        assertThat(ledger.transition("c1", CampaignState.PAUSED, "by ann").holdReason())
                .isNull();
    }

    @Test
    void the_upper_bound_is_frozen_once() {
        ledger.create(backfill("c1", "post"));
        ledger.freezeUpper("c1", null);
        ledger.freezeUpper("c1", "[9007199254740993]");
        ledger.freezeUpper("c1", "[ 9007199254740993 ]");

        assertThatThrownBy(() -> ledger.freezeUpper("c1", "[5]")).isInstanceOf(IllegalStateException.class);
        assertThat(ledger.find("c1").orElseThrow().keyUpper()).isEqualTo("[9007199254740993]");
    }

    @Test
    void a_hold_for_health_and_any_other_hold_end_by_themselves() {
        ledger.create(backfill("c1", "post"));
        ledger.holdForHealth("c1", "a replica lags", true);
        assertThat(holdReason()).as("it does not run").isNull();
        ledger.transition("c1", CampaignState.RUNNING, null);

        ledger.holdForHealth("c1", "a replica lags", false);
        ledger.holdForHealth("c1", "the replica of another worker's look lags", false);
        assertThat(holdReason()).isEqualTo("a replica lags");
        ledger.hold("c1", "the legacy store is down");
        assertThat(holdReason()).isEqualTo("a replica lags; the legacy store is down");
        ledger.hold("c1", null);
        assertThat(holdReason()).isEqualTo("a replica lags");
        ledger.holdForHealth("c1", "WAL is not archived", true);
        assertThat(holdReason()).isEqualTo("WAL is not archived");
        ledger.hold("c1", "the legacy store is down");
        ledger.holdForHealth("c1", null, false);
        assertThat(holdReason()).isEqualTo("the legacy store is down");

        ledger.holdForHealth("c1", "a replica lags", true);
        ledger.transition("c1", CampaignState.PAUSED, null);
        assertThat(holdReason()).isNull();
    }

    private static @Nullable String holdReason() {
        return ledger.find("c1").orElseThrow().holdReason();
    }

    @Test
    void settings_are_changed_one_after_the_other_and_only_of_what_has_not_ended() throws Exception {
        ledger.create(backfill("c1", "post"));
        assertThat(ledger.find("c1").orElseThrow().settings()).isEqualTo(CampaignSettings.NONE);

        CompletableFuture<?>[] changes = Stream.of("lanes", "rate", "lock_waits", "unarchived_wal")
                .map(name -> CompletableFuture.runAsync(() -> ledger.set("c1", settings -> settings.with(name, "7"))))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(changes).get(20, TimeUnit.SECONDS);

        assertThat(ledger.find("c1").orElseThrow().settings().texts())
                .isEqualTo(Map.of("lanes", "7", "rate", "7", "lock_waits", "7", "unarchived_wal", "7"));
        assertThatThrownBy(() -> ledger.set("c1", settings -> settings.with("nope", "7")))
                .isInstanceOf(InvalidInputException.class);
        ledger.transition("c1", CampaignState.CANCELLED, null);
        assertThatThrownBy(() -> ledger.set("c1", settings -> settings))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("campaign c1 is cancelled");
        assertThatThrownBy(() -> ledger.set("c2", settings -> settings))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no campaign \"c2\"");
    }
}
