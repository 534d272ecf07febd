package dev.backpop.producer.selftest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.backpop.producer.demo.DemoStage;
import dev.backpop.producer.driver.Session;
import dev.backpop.producer.selftest.Finding.Column;
import dev.backpop.producer.selftest.Verdict.Result;
import dev.backpop.settings.Environment;
import dev.backpop.settings.Settings;
import dev.backpop.testing.Servers;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FixtureSelfTestTest {
    private static FixtureFault body(String name, long key, String value, String cause) {
        return new FixtureFault(
                name,
                "UPDATE forum.reply SET body = " + value + " WHERE id = " + key,
                List.of(Finding.mismatched("[" + key + "]", new Column("body", cause))));
    }

    @Test
    void what_is_not_there_or_has_another_name_or_was_never_planted_is_told_apart_from_what_was_found()
            throws Exception {
        FixtureFault undone = body("undone", 200, "body", "case");
        FixtureFault alsoElsewhere = new FixtureFault(
                "of two, one is not there",
                "DELETE FROM forum.reply WHERE id = 500",
                List.of(Finding.missing("[500]", null), Finding.unexpected("[501]", null)));
        FixtureFault beside = new FixtureFault(
                "case, and more beside it",
                "UPDATE forum.reply SET body = upper(body) WHERE id IN (400, 410)",
                List.of(Finding.mismatched("[400]", new Column("body", "case"))));

        List<Tried> tried = run(List.of(
                body("case", 100, "upper(body)", "case"),
                undone,
                body("misnamed", 300, "body || ' '", "case"),
                beside,
                alsoElsewhere));

        assertThat(tried).extracting(Tried::method).containsExactly("digests", "bytes", "rows");
        List<Verdict> verdicts = tried.get(0).verdicts();
        assertThat(tried).allMatch(one -> one.verdicts().equals(verdicts));
        assertThat(verdicts)
                .extracting(Verdict::fault, Verdict::keys, Verdict::result)
                .containsExactly(
                        tuple("case", List.of("[100]"), Result.FOUND),
                        tuple("undone", List.of("[200]"), Result.NOT_FOUND),
                        tuple("misnamed", List.of("[300]"), Result.MISNAMED),
                        tuple("case, and more beside it", List.of("[400]"), Result.FOUND),
                        tuple("of two, one is not there", List.of("[500]", "[501]"), Result.MISNAMED),
                        tuple("none", List.of("[410]"), Result.FALSE_ALARM));
        assertThat(verdicts.get(2).remark()).isEqualTo("expected [300] mismatched body: case");
    }

    private static List<Tried> run(List<FixtureFault> faults) throws Exception {
        Map<String, String> variables = Map.of(
                Settings.REDIS_URL, Servers.redis().url(),
                Settings.REDIS_PREFIX, Servers.newPrefix(),
                Settings.TARGET_URL, Servers.newDatabase());
        Environment environment = new Environment(variables::get);
        Settings settings = Settings.of(Settings.Flags.NONE, environment);
        try (Session session = Session.open(settings, settings.target(), environment, Clock.systemUTC());
                SelfTestWorker worker = SelfTestWorker.start(variables)) {
            VerifyCampaign campaigns = new VerifyCampaign(session, new DemoStage(), worker::check, new QuietScreen());
            return new FixtureSelfTest(session, environment, campaigns, faults).run(null);
        }
    }
}
