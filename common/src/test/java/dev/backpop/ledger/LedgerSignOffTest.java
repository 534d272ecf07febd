package dev.backpop.ledger;

import static dev.backpop.ledger.LedgerFixture.SPEC;
import static dev.backpop.ledger.LedgerFixture.newDatabase;
import static dev.backpop.ledger.LedgerFixture.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerSignOffTest {
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

    private static void campaign(String id, String entity, CampaignKind kind, CampaignState... states) {
        ledger.create(new NewCampaign(id, "shop", entity, kind, SPEC, "ann@host"));
        for (CampaignState state : states) {
            ledger.transition(id, state, null);
        }
    }

    private static void ended(String id, CampaignKind kind) {
        campaign(id, "post", kind, CampaignState.RUNNING, CampaignState.COMPLETED);
    }

    @Test
    void a_sign_off_comes_back_as_it_was_given_and_the_last_one_stands() {
        ended("v", CampaignKind.VERIFY);
        assertThat(ledger.lastSignOff("v")).isEmpty();

        ledger.signOff("v", "Ann", null, List.of(), "{}");
        SignOff given = ledger.signOff("v", "Böb \0", "it\nis fine", List.of("missing", "busy"), "{\"missing\": 3}");

        assertThat(ledger.lastSignOff("v")).contains(given);
        assertThat(given.signedBy()).isEqualTo("Böb \\u0000");
        assertThat(given.note()).isEqualTo("it\nis fine");
        assertThat(given.tolerated()).containsExactly("missing", "busy");
        assertThat(given.verdict()).isEqualTo("{\"missing\": 3}");
        assertThat(List.of(given.plan(), given.entity())).containsExactly("shop", "post");
        assertThat(given.signedAt()).isBeforeOrEqualTo(ledger.writesSince("v").now());
    }

    @Test
    void what_ended_before_a_verification_and_what_is_not_its_entitys_was_not_written_since() {
        ended("b1", CampaignKind.BACKFILL);
        ended("v", CampaignKind.VERIFY);
        campaign("other", "comment", CampaignKind.BACKFILL, CampaignState.RUNNING);
        ended("v2", CampaignKind.VERIFY);

        assertThat(ledger.writesSince("v").newest()).isEmpty();
        assertThat(ledger.writesSince("v").campaigns()).isZero();
    }

    @Test
    void a_backfill_or_repair_that_is_created_goes_on_or_commits_later_was_written_since() throws Exception {
        ended("b1", CampaignKind.BACKFILL);
        ended("b2", CampaignKind.BACKFILL);
        LedgerFixture.run(
                database,
                "INSERT INTO backpop.chunk (campaign_id, chunk_no, first_key, last_key, key_count, state, finished_at)"
                        + " VALUES ('b2', 1, '[1]', '[2]', 2, 'done', now())");
        ended("v", CampaignKind.VERIFY);
        assertThat(ledger.writesSince("v").newest()).isEmpty();

        ledger.transition("b1", CampaignState.RUNNING, null);
        assertThat(ledger.writesSince("v").newest()).containsExactly("b1");
        ledger.transition("b1", CampaignState.FAILED, null);
        assertThat(ledger.writesSince("v").newest()).containsExactly("b1");
        run(database, "UPDATE backpop.chunk SET finished_at = now() WHERE campaign_id = 'b2'");
        assertThat(ledger.writesSince("v").newest()).containsExactlyInAnyOrder("b1", "b2");
        ended("r", CampaignKind.REPAIR);
        assertThat(ledger.writesSince("v").newest()).first().isEqualTo("r");
        assertThat(ledger.writesSince("v").campaigns()).isEqualTo(3);
    }

    @Test
    void a_snapshot_sees_nothing_that_is_committed_meanwhile_and_writes_nothing() throws Exception {
        ended("v", CampaignKind.VERIFY);

        String seen = ledger.snapshot(same -> {
            boolean before = same.lastSignOff("v").isPresent();
            signElsewhere();
            return before + " " + same.lastSignOff("v").isPresent();
        });

        assertThat(seen).isEqualTo("false false");
        assertThat(ledger.lastSignOff("v")).isPresent();
        assertThatThrownBy(() -> ledger.snapshot(same -> same.signOff("v", "Bob", null, List.of(), "{}")))
                .hasMessageContaining("read-only");
        assertThat(ledger.lastSignOff("v").orElseThrow().signedBy()).isEqualTo("Ann");
    }

    private static void signElsewhere() {
        try {
            run(
                    database,
                    "INSERT INTO backpop.sign_off (campaign_id, plan, entity, signed_by, verdict)"
                            + " VALUES ('v', 'shop', 'post', 'Ann', '{}')");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
