package dev.backpop.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.plan.HoldThreshold;
import dev.backpop.plan.HoldThresholds;
import dev.backpop.problem.InvalidInputException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CampaignSettingsTest {
    @Test
    void what_is_not_set_is_as_the_plan_has_it() {
        HoldThresholds plan = HoldThresholds.DEFAULTS.with(HoldThreshold.LOCK_WAITS, "3");
        CampaignSettings settings = CampaignSettings.NONE
                .with("replica_lag", "1.5s")
                .with("unarchived_wal", "null")
                .with("chunk_time", "500ms")
                .with("rate", "70");

        assertThat(settings.over(plan).replicaLag()).contains(Duration.ofMillis(1_500));
        assertThat(settings.over(plan).unarchivedWal()).isEmpty();
        assertThat(settings.over(plan).lockWaits()).hasValue(3);
        assertThat(settings.over(plan).activeBackends()).hasValue(0.8);
        assertThat(settings.chunkTime()).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.rate()).hasValue(70);
        assertThat(settings.text("lock_waits", plan)).isEqualTo("3");
        assertThat(CampaignSettings.NONE.chunkTime()).isEqualTo(Duration.ofSeconds(1));
        assertThat(CampaignSettings.NONE.over(plan)).isEqualTo(plan);
    }

    @Test
    void default_goes_back_to_the_plan_and_null_takes_a_limit_away() {
        CampaignSettings settings =
                CampaignSettings.NONE.with("lanes", "2").with("rate", "5").with("lock_waits", "null");

        assertThat(settings.with("lanes", "null").with("rate", "default").with("lock_waits", "default"))
                .isEqualTo(CampaignSettings.NONE);
    }

    @Test
    void an_unknown_name_is_refused_with_all_that_there_are() {
        assertThatThrownBy(() -> CampaignSettings.NONE.with("lane", "4"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("there is no setting 'lane'; did you mean 'lanes'? There are: lanes, rate, chunk_time,"
                        + " replica_lag, wraparound_autovacuum, unarchived_wal, active_backends, lock_waits, query");
    }

    @ParameterizedTest
    @CsvSource({
        "lanes, 0, backpop pause",
        "lanes, many, number of chunks",
        "rate, 1.5, rows per second",
        "rate, 99999999999, rows per second",
        "chunk_time, 500, such as 500ms",
        "chunk_time, 1h, 10ms to 30s",
        "chunk_time, null, such as 500ms",
        "replica_lag, 5, such as 5s",
        "replica_lag, 0s, above zero",
        "wraparound_autovacuum, yes, true or false",
        "unarchived_wal, 0, from 1",
        "active_backends, 80, up to 1",
        "active_backends, 0, above 0",
        "lock_waits, -1, from 1",
        "query, ' ', SELECT"
    })
    void a_value_that_cannot_be_is_refused_with_what_can(String name, String text, String hint) {
        assertThatThrownBy(() -> CampaignSettings.NONE.with(name, text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith(name + "=" + text + ": ")
                .hasMessageContaining(hint);
    }

    @Test
    void json_keeps_it_and_what_another_build_wrote_is_kept_but_not_taken() {
        CampaignSettings settings = CampaignSettings.NONE.with("lanes", "2").with("query", "SELECT \"a\"");

        assertThat(CampaignSettings.ofJson(settings.toJson())).isEqualTo(settings);

        CampaignSettings foreign =
                CampaignSettings.ofJson("{\"temper\": \"calm\", \"rate\": \"fast\", \"lanes\": 3, \"lock_waits\": []}");
        assertThat(foreign.texts()).containsOnlyKeys("temper", "lanes");
        assertThat(foreign.rate()).isEmpty();
        assertThat(foreign.over(HoldThresholds.DEFAULTS)).isEqualTo(HoldThresholds.DEFAULTS);
        assertThat(CampaignSettings.ofJson("no json")).isEqualTo(CampaignSettings.NONE);
        assertThat(CampaignSettings.ofJson("[1]")).isEqualTo(CampaignSettings.NONE);
        assertThat(CampaignSettings.ofJson(null)).isEqualTo(CampaignSettings.NONE);
    }
}
