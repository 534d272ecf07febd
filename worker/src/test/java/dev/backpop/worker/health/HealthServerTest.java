package dev.backpop.worker.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.problem.InvalidInputException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthServerTest {
    private final AtomicReference<Readiness> readiness = new AtomicReference<>(Readiness.READY);
    private final HealthServer server = HealthServer.start(0, readiness::get, () -> "backpop_lanes 2.0\n");
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void live_is_200_even_when_it_is_not_ready() throws Exception {
        readiness.set(Readiness.notReady("Redis has not answered for 40s"));

        HttpResponse<String> response = ask("GET", "/health/live");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"live\":true,\"reason\":\"\"}\n");
    }

    @Test
    void ready_follows_the_worker_and_says_why_not_without_secrets() throws Exception {
        assertThat(ask("GET", "/health/ready").statusCode()).isEqualTo(200);

        readiness.set(Readiness.notReady("no \"answer\" from redis://:hush@host"));
        HttpResponse<String> response = ask("GET", "/health/ready");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.body())
                .isEqualTo("{\"ready\":false,\"reason\":\"no \\\"answer\\\" from redis://***@host\"}\n");
    }

    @Test
    void metrics_are_prometheus_text() throws Exception {
        HttpResponse<String> response = ask("GET", "/metrics");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(response.body()).isEqualTo("backpop_lanes 2.0\n");
    }

    @Test
    void head_has_the_status_and_length_but_no_body() throws Exception {
        readiness.set(Readiness.notReady("starting"));

        HttpResponse<String> response = ask("HEAD", "/health/ready");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(36);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void other_paths_are_404_and_other_methods_405() throws Exception {
        assertThat(ask("GET", "/").statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/health/ready/").statusCode()).isEqualTo(404);
        assertThat(ask("POST", "/metrics").statusCode()).isEqualTo(405);
        assertThat(ask("DELETE", "/health/live").headers().firstValue("Allow")).contains("GET, HEAD");
    }

    @Test
    void a_taken_port_is_named_with_its_flag() {
        assertThatThrownBy(() -> HealthServer.start(server.port(), readiness::get, () -> ""))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("--health-port (BACKPOP_HEALTH_PORT)")
                .hasMessageContaining("port " + server.port());
    }

    @Test
    void a_readiness_that_throws_does_not_end_the_server() throws Exception {
        try (HealthServer failing = HealthServer.start(
                0,
                () -> {
                    throw new IllegalStateException("planted");
                },
                () -> "")) {
            assertThatThrownBy(() -> ask(failing.port(), "GET", "/health/ready"))
                    .isInstanceOf(IOException.class);

            assertThat(ask(failing.port(), "GET", "/health/live").statusCode()).isEqualTo(200);
        }
    }

    private HttpResponse<String> ask(String method, String path) throws IOException, InterruptedException {
        return ask(server.port(), method, path);
    }

    private HttpResponse<String> ask(int port, String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(10))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }
}
