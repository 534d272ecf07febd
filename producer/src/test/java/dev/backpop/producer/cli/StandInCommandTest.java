package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

class StandInCommandTest {
    @Test
    void tells_where_it_is_serves_until_it_is_interrupted_and_is_gone_then() throws Exception {
        CommandLine commandLine = Backpop.commandLine(CommandRun.surroundings(Map.of()));
        StringWriter out = new StringWriter();
        commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(new StringWriter()));
        Thread running = new Thread(() -> commandLine.execute(
                "stand-in",
                "--port",
                "0",
                "--posts",
                "50",
                "--comments",
                "7=1000",
                "--allowance",
                "100/60s",
                "--json"));
        running.start();
        try {
            await().atMost(Duration.ofSeconds(20)).until(() -> out.toString().endsWith("\n"));
            String url =
                    JsonMapper.shared().readTree(out.toString()).path("url").asString("");
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/_standin/statistics"))
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(request, BodyHandlers.ofString())
                            .body())
                    .contains("\"counted\":0");
        } finally {
            running.interrupt();
        }
        running.join(20_000);
        assertThat(running.isAlive()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "--latency, 50, 'is ''50''; write a number with its unit'",
        "--allowance, many, 'is ''many''; write how many requests in how long, as 100/60s'",
        "--density, 2, must be above 0 and at most 1",
        "--faults, [{}], there is no fault",
        "--things, /nowhere.ndjson, cannot be read",
        "--port, 70000, it must be between 0 and 65535",
    })
    void a_setting_that_makes_no_sense_is_refused(String option, String value, String reason) {
        CommandRun run = CommandRun.of("stand-in", option, value);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(reason);
    }
}
