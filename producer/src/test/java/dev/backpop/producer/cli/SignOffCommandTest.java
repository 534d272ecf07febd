package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignSpec;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.ledger.CampaignCheck;
import dev.backpop.ledger.DiscrepancyState;
import dev.backpop.ledger.NewCampaign;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SignOffCommandTest {
    private final Scene scene = new Scene();

    @AfterEach
    void close() {
        scene.close();
    }

    private void verified(String id, Map<Counter, Long> counters, Discrepancy... discrepancies) throws Exception {
        scene.running(id, "customer", CampaignKind.VERIFY, 1);
        scene.differ(id, DiscrepancyState.CONFIRMED, discrepancies);
        scene.finish(id, 1, counters);
        scene.end(id, CampaignState.COMPLETED, null);
    }

    private void clean(String id) throws Exception {
        verified(id, Map.of(Counter.ROWS_MATCHED, 10L));
    }

    @Test
    void a_clean_verification_is_signed_checked_and_shown() throws Exception {
        clean("v");
        assertThat(scene.run("sign-off", "v", "--check").exitCode()).isEqualTo(1);
        assertThat(scene.run("sign-off", "v", "--check").out()).contains("nobody");
        assertThat(scene.run("status", "v").out()).contains("backpop sign-off v --by NAME");

        CommandRun signed = scene.run("sign-off", "v", "--by", "Ann \u001b[2J", "--note", "looks \u202egood");

        assertThat(signed.exitCode()).isZero();
        assertThat(signed.out())
                .contains("v is signed off by Ann \\u001b[2J at ", "valid until", "looks \\u202egood")
                .doesNotContain("\u001b", "\u202e");
        assertThat(scene.run("sign-off", "v", "--check").exitCode()).isZero();
        assertThat(scene.run("status", "v").out()).contains("sign-off    it is signed off by Ann");
        JsonNode status = scene.json("status", "v", "--json").get(0).get("sign_off");
        assertThat(status.get("valid").asBoolean()).isTrue();
        assertThat(line("v")).contains(" by Ann \\u001b[2J ").doesNotContain("stale");
        JsonNode listed = scene.json("campaigns", "--all", "--json").get(0).get("sign_off");
        assertThat(listed).isEqualTo(status);
        JsonNode check = scene.json("sign-off", "v", "--check", "--json").get(0);
        assertThat(check.get("signed_by").asString()).isEqualTo("Ann \u001b[2J");
        assertThat(check.get("verdict").get("matched").asInt()).isEqualTo(10);
        assertThat(check.get("stale")).isEmpty();
    }

    @Test
    void what_is_not_clean_is_refused_with_each_reason_and_what_to_do() throws Exception {
        verified(
                "v",
                Map.of(
                        Counter.ROWS_MATCHED, 4L,
                        Counter.ROWS_MISMATCHED, 2L,
                        Counter.ROWS_MISSING, 1L,
                        Counter.ROWS_UNVERIFIABLE, 1L,
                        Counter.ROWS_PENDING, 2L),
                new Discrepancy("[1]", Discrepancy.Kind.MISMATCHED, List.of(), null),
                new Discrepancy("[2]", Discrepancy.Kind.MISMATCHED, List.of(), null),
                new Discrepancy("[3]", Discrepancy.Kind.MISSING, List.of(), null),
                new Discrepancy("[99]", Discrepancy.Kind.UNEXPECTED, List.of(), null));
        scene.session
                .ledger()
                .keepChecks(
                        "v",
                        List.of(
                                check("counts", CampaignCheck.State.PASSED),
                                check("foreign key", CampaignCheck.State.MOVING),
                                check("sequence", CampaignCheck.State.UNKNOWN)));

        CommandRun refused = scene.run("sign-off", "v", "--by", "Ann");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.out())
                .contains(
                        "2 mismatched",
                        "1 missing",
                        "1 unexpected",
                        "1 unverifiable",
                        "2 busy",
                        "1 of the checks never held still",
                        "1 of the checks could not be made",
                        "backpop repair v",
                        "--tolerate busy --note TEXT");
        assertThat(scene.session.ledger().lastSignOff("v")).isEmpty();
        JsonNode refusals =
                scene.json("sign-off", "v", "--by", "Ann", "--json").get(0).get("refused");
        assertThat(refusals).hasSize(7);
        assertThat(refusals.get(0).get("kind").asString()).isEqualTo("missing");

        assertThat(scene.run(
                                "sign-off",
                                "v",
                                "--by",
                                "Ann",
                                "--note",
                                "known",
                                "--tolerate",
                                "missing,mismatched,unexpected,unverifiable,checks")
                        .out())
                .contains("2 busy")
                .doesNotContain("mismatched");
        CommandRun tolerated = scene.run(
                "sign-off",
                "v",
                "--by",
                "Ann",
                "--note",
                "known",
                "--tolerate",
                "missing,mismatched,unexpected,unverifiable,busy",
                "--tolerate",
                "checks,partial");
        assertThat(tolerated.exitCode()).isZero();
        assertThat(tolerated.out()).contains("tolerating missing, mismatched, unexpected");
        assertThat(tolerated.err()).contains("nothing partial to tolerate");
    }

    @Test
    void wrong_usage_is_said() throws Exception {
        clean("v");
        scene.running("b", "order", CampaignKind.BACKFILL, 1);

        assertThat(scene.run("sign-off", "b", "--by", "Ann"))
                .satisfies(run -> assertThat(run.exitCode()).isEqualTo(2))
                .satisfies(run -> assertThat(run.err()).contains("only a verification"));
        assertThat(scene.run("sign-off", "v").err()).contains("--by");
        assertThat(scene.run("sign-off", "v", "--by", " ").exitCode()).isEqualTo(2);
        assertThat(scene.run("sign-off", "v", "--by", "Ann", "--tolerate", "missing")
                        .err())
                .contains("--note");
        assertThat(scene.run("sign-off", "v", "--by", "Ann", "--note", "x", "--tolerate", "mising")
                        .err())
                .contains("did you mean 'missing'");
        assertThat(scene.run("sign-off", "v", "--by", "Ann", "--note", "x", "--tolerate", "sum")
                        .exitCode())
                .isEqualTo(2);
        assertThat(scene.run("sign-off", "v", "--check", "--by", "Ann").exitCode())
                .isEqualTo(2);
        assertThat(scene.run("sign-off", "none", "--check").exitCode()).isEqualTo(2);
        assertThat(scene.session.ledger().lastSignOff("v")).isEmpty();
    }

    @Test
    void what_has_not_ended_well_or_does_not_add_up_is_refused_whatever_is_tolerated() throws Exception {
        scene.running("running", "one", CampaignKind.VERIFY, 1);
        scene.running("cancelled", "two", CampaignKind.VERIFY, 1);
        scene.end("cancelled", CampaignState.CANCELLED, null);
        clean("odd");
        scene.execute("UPDATE backpop.chunk SET rows_matched = 9 WHERE campaign_id = 'odd'");

        for (String id : List.of("running", "cancelled", "odd")) {
            assertThat(scene.run(
                                    "sign-off",
                                    id,
                                    "--by",
                                    "Ann",
                                    "--note",
                                    "x",
                                    "--tolerate",
                                    "missing,mismatched,unexpected,unverifiable,busy,checks,partial")
                            .exitCode())
                    .as(id)
                    .isEqualTo(1);
        }
        assertThat(scene.run("sign-off", "running", "--by", "Ann").out()).contains("it is running");
        assertThat(scene.run("sign-off", "odd", "--by", "Ann").out()).contains("1 not accounted for");
    }

    @Test
    void a_part_of_the_keys_is_signed_only_when_that_is_tolerated() throws Exception {
        CampaignSpec spec = new CampaignSpec("plan: shop", "/plans", "[1]", null, false);
        scene.session.ledger().create(new NewCampaign("v", "shop", "customer", CampaignKind.VERIFY, spec, "ann@host"));
        scene.session.ledger().transition("v", CampaignState.RUNNING, null);
        scene.end("v", CampaignState.COMPLETED, null);

        assertThat(scene.run("sign-off", "v", "--by", "Ann").out()).contains("only keys from 1", "--tolerate partial");
        assertThat(scene.run("sign-off", "v", "--by", "Ann", "--tolerate", "partial", "--note", "x")
                        .exitCode())
                .isZero();
    }

    @Test
    void it_goes_stale_after_a_day_and_an_old_verification_is_not_signed() throws Exception {
        clean("v");
        assertThat(scene.run("sign-off", "v", "--by", "Ann").exitCode()).isZero();

        scene.execute("UPDATE backpop.sign_off SET signed_at = now() - interval '23 hours 59 minutes'");
        scene.execute("UPDATE backpop.campaign SET started_at = now() - interval '26 hours',"
                + " finished_at = now() - interval '25 hours'");
        assertThat(scene.run("sign-off", "v", "--check").exitCode()).isZero();
        scene.execute("UPDATE backpop.sign_off SET signed_at = now() - interval '24 hours'");
        CommandRun stale = scene.run("sign-off", "v", "--check");

        assertThat(stale.exitCode()).isEqualTo(1);
        assertThat(stale.out()).contains("does not hold any more", "a sign-off holds for 24 hours");
        assertThat(scene.run("status", "v").out()).contains("stale       it was signed 1d 00h ago");
        assertThat(line("v")).contains(" stale, by Ann ");
        assertThat(scene.run("status", "v").out())
                .contains("verify again, and sign that")
                .doesNotContain("--by NAME");
        assertThat(scene.run("report", "v").out())
                .contains("the sign-off does not hold any more. Verify the whole again")
                .doesNotContain("--by NAME");
        assertThat(scene.run("sign-off", "v", "--by", "Bob").out()).contains("it ended 1d 01h ago");
    }

    @Test
    void it_goes_stale_with_a_later_backfill_and_can_be_given_again_to_a_later_verification() throws Exception {
        clean("v");
        assertThat(scene.run("sign-off", "v", "--by", "Ann").exitCode()).isZero();
        scene.running("b", "customer", CampaignKind.BACKFILL, 0);

        assertThat(scene.run("sign-off", "v", "--check").exitCode()).isEqualTo(1);
        assertThat(scene.run("sign-off", "v", "--check").out()).contains("since the verification began: b");
        assertThat(scene.run("sign-off", "v", "--by", "Ann").out()).contains("created or ran", "verify again");
        scene.end("b", CampaignState.CANCELLED, null);
        assertThat(scene.run("sign-off", "v", "--check").exitCode()).isEqualTo(1);

        clean("w");
        assertThat(scene.run("sign-off", "w", "--by", "Ann").exitCode()).isZero();
        assertThat(scene.run("sign-off", "w", "--by", "Bob").exitCode()).isZero();
        assertThat(scene.run("sign-off", "w", "--check").out()).contains("by Bob");
        assertThat(line("v")).contains(" stale, by Ann ");
        assertThat(line("w")).contains(" by Bob ").doesNotContain("stale");
        assertThat(line("b")).contains(" - ").doesNotContain(" by ");
        scene.end("w", CampaignState.RUNNING, null);
        assertThat(scene.run("sign-off", "w", "--check").out()).contains("run on since it was signed");
    }

    /** How it is listed among all campaigns. */
    private String line(String id) {
        return scene.run("campaigns", "--all")
                .out()
                .lines()
                .filter(line -> line.startsWith(id + " "))
                .findFirst()
                .orElseThrow();
    }

    private static CampaignCheck check(String name, CampaignCheck.State state) {
        return new CampaignCheck(name, "s", state, "m", Instant.EPOCH);
    }
}
