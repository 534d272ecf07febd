package dev.backpop.producer.report;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A headless Chromium, driven by chromedriver over the W3C's protocol. */
public final class Chromium implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Process driver;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String session;

    private Chromium(Process driver, String address, Path profile) throws IOException, InterruptedException {
        this.driver = driver;
        Map<String, Object> options = Map.of(
                "args",
                List.of(
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--user-data-dir=" + profile));
        JsonNode opened = send(
                "POST",
                address + "/session",
                Map.of(
                        "capabilities",
                        Map.of(
                                "alwaysMatch",
                                Map.of(
                                        "browserName",
                                        "chrome",
                                        "goog:chromeOptions",
                                        options,
                                        "goog:loggingPrefs",
                                        Map.of("browser", "ALL")))));
        this.session = address + "/session/" + opened.get("sessionId").asString();
    }

    /** Empty where Chromium or its driver is not installed. */
    public static Optional<Chromium> open(Path folder) throws IOException, InterruptedException {
        Optional<Path> program = Stream.of(System.getenv("PATH").split(":"))
                .map(path -> Path.of(path, "chromedriver"))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty()) {
            return Optional.empty();
        }
        Path log = folder.resolve("chromedriver.log");
        Process driver = new ProcessBuilder(program.get().toString(), "--port=0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            String address = "http://127.0.0.1:" + port(driver, log);
            return Optional.of(new Chromium(driver, address, folder.resolve("profile")));
        } catch (IOException | RuntimeException e) {
            driver.destroyForcibly();
            throw e;
        }
    }

    private static String port(Process driver, Path log) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (driver.isAlive() && System.nanoTime() < deadline) {
            String said = Files.readString(log);
            int at = said.indexOf("successfully on port ");
            if (at >= 0 && said.indexOf('.', at) > 0) {
                return said.substring(at + "successfully on port ".length(), said.indexOf('.', at));
            }
            Thread.onSpinWait();
        }
        throw new IOException("chromedriver did not start: " + Files.readString(log));
    }

    /** Opens a page at a size of the visible area, in pixels. */
    public void show(URI page, int width, int height) throws IOException, InterruptedException {
        command(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        send("POST", session + "/url", Map.of("url", page.toString()));
    }

    /** {@code light} or {@code dark}. */
    public void scheme(String scheme) throws IOException, InterruptedException {
        command(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** {@code screen} or {@code print}: how pages look from now on. */
    public void media(String media) throws IOException, InterruptedException {
        command("Emulation.setEmulatedMedia", Map.of("media", media));
    }

    /** What a function body in JavaScript returns. */
    public JsonNode ask(String script) throws IOException, InterruptedException {
        return send("POST", session + "/execute/sync", Map.of("script", script, "args", List.of()));
    }

    /** What the console has said since the last call. */
    public List<String> console() throws IOException, InterruptedException {
        return send("POST", session + "/se/log", Map.of("type", "browser"))
                .valueStream()
                .map(JsonNode::toString)
                .toList();
    }

    public void screenshot(Path file) throws IOException, InterruptedException {
        JsonNode image = command("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
        Files.write(file, Base64.getDecoder().decode(image.get("data").asString()));
    }

    public void print(Path file) throws IOException, InterruptedException {
        Files.write(
                file,
                Base64.getDecoder()
                        .decode(send("POST", session + "/print", Map.of()).asString()));
    }

    private JsonNode command(String name, Map<String, Object> parameters) throws IOException, InterruptedException {
        return send("POST", session + "/goog/cdp/execute", Map.of("cmd", name, "params", parameters));
    }

    private JsonNode send(String method, String address, @Nullable Object body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        JsonNode value = JSON.readTree(response.body()).get("value");
        if (response.statusCode() != 200) {
            throw new IOException("chromedriver refused " + address + ": " + value);
        }
        return value;
    }

    @Override
    public void close() throws IOException {
        try {
            send("DELETE", session, null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            driver.destroy();
        }
    }
}
