package dev.backpop.producer.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.CampaignKind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoRedditTest {
    @Test
    void a_server_that_stays_for_people_to_try_does_not_fail_any_more() throws Exception {
        DemoScenario scenario = DemoScenario.reddit(100);
        try (DemoStage stage = new DemoStage()) {
            Map<String, String> variables = scenario.startLegacy(stage, "");
            String url = String.valueOf(variables.get(DemoPlan.LEGACY_URL));
            scenario.before("post", CampaignKind.BACKFILL);
            assertThat(status(url)).isEqualTo(503);

            scenario.ended();

            assertThat(scenario.servesLegacy()).isTrue();
            assertThat(status(url)).as("nobody has logged in").isEqualTo(401);
        }
    }

    private static int status(String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/api/v1/access_token"))
                .header("User-Agent", "test:backpop:1")
                .POST(HttpRequest.BodyPublishers.ofString(""))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
