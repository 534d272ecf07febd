package dev.backpop.standin;

import static dev.backpop.standin.Caller.json;
import static dev.backpop.standin.Caller.names;
import static dev.backpop.standin.Caller.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.backpop.problem.InvalidInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ObjIntConsumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class RecordedThingsTest {
    private static Path file(String name) {
        Path file = Path.of(System.getProperty("backpop.root", "."))
                .resolve("../shared/data/" + name)
                .normalize();
        assumeTrue(Files.isRegularFile(file), "the recorded things are not beside this checkout: " + file);
        return file;
    }

    /** Gives on each line with its number, and holds none of them. */
    private static void lines(Path file, ObjIntConsumer<JsonNode> consumer) throws IOException {
        int number = 0;
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                consumer.accept(Json.read(line.getBytes(StandardCharsets.UTF_8)), number++);
            }
        }
    }

    @Test
    void every_recorded_thing_of_a_reddit_server_is_served_as_it_was_recorded() throws IOException {
        Path file = file("opendiscussions-things.ndjson.gz");
        Set<String> comments = new TreeSet<>();
        Map<String, JsonNode> recorded = new TreeMap<>();
        Set<String> fromPosts = new TreeSet<>();
        Map<String, JsonNode> found = new TreeMap<>();
        Set<String> unlisted = new TreeSet<>();
        int served = 0;
        try (StandIn standIn = StandIn.start(StandInOptions.of(RecordedThings.of(file, null)))) {
            Caller caller = Caller.loggedIn(standIn);
            List<JsonNode> lines = new ArrayList<>();
            lines(file, (line, number) -> lines.add(line));
            for (JsonNode line : lines) {
                String kind = line.path("kind").asString("");
                JsonNode data = line.path("data");
                String name = data.path("name").asString("");
                switch (kind) {
                    case "t1" -> {
                        comments.add(name);
                        recorded.put(name, data);
                        if (names(json(caller.get("/api/info?raw_json=1&id=" + name)))
                                .isEmpty()) {
                            unlisted.add(name);
                        }
                    }
                    case "t3" -> {
                        JsonNode page =
                                json(caller.get("/comments/" + data.path("id").asString("") + "?raw_json=1"));
                        assertThat(page.get(0)
                                        .path("data")
                                        .path("children")
                                        .get(0)
                                        .path("data"))
                                .isEqualTo(data);
                        Caller.Comments all = caller.comments(data.path("id").asString(""), "old");
                        assertThat(all.byName.keySet()).noneMatch(fromPosts::contains);
                        fromPosts.addAll(all.byName.keySet());
                        found.putAll(all.byName);
                        if (names(json(caller.get("/api/info?raw_json=1&id=" + name)))
                                .isEmpty()) {
                            unlisted.add(name);
                        }
                        served++;
                    }
                    case "t5" -> {
                        String channel = data.path("display_name").asString("");
                        assertThat(json(caller.get("/r/" + channel + "/about?raw_json=1"))
                                        .path("data"))
                                .isEqualTo(data);
                        served++;
                    }
                    default -> assertThat(kind).isEqualTo("more");
                }
            }

            assertThat(comments).hasSize(127).isEqualTo(fromPosts);
            recorded.forEach(
                    (name, data) -> assertThat(shallow(found.get(name))).isEqualTo(data));
            assertThat(served).isEqualTo(164 + 53);
            assertThat(unlisted).containsExactly("t1_10", "t1_1s", "t1_26", "t3_9", "t3_h");
            Caller.Comments first = caller.comments("1", null);
            assertThat(first.announced).containsExactly("t1_e9l", "t1_e9m", "t1_e9n", "t1_e9q");
            assertThat(first.byName).containsKeys("t1_e9l", "t1_e9m").doesNotContainKeys("t1_e9n", "t1_e9q");
            assertThat(first.continued).isEqualTo(1);
            assertThat(first.byName)
                    .hasEntrySatisfying(
                            "t1_e8s",
                            orphan -> assertThat(orphan.path("parent_id").asString(""))
                                    .isEqualTo("t1_k"));
            assertThat(caller.get("/comments/zz").statusCode()).isEqualTo(404);
            assertThat(caller.get("/r/dedp2/about").statusCode()).isEqualTo(302);
        }
    }

    /** A recorded comment has lost its replies. */
    private static @Nullable JsonNode shallow(@Nullable JsonNode comment) {
        return comment instanceof ObjectNode object ? object.deepCopy().put("replies", "") : comment;
    }

    @Test
    void posts_by_themselves_get_json_s_own_types_and_lose_one_escaping() throws IOException {
        Path file = file("reddit-top-posts-sample.ndjson.gz");
        try (StandIn standIn = StandIn.start(StandInOptions.of(RecordedThings.of(file, null)))) {
            Caller caller = Caller.loggedIn(standIn);
            List<List<JsonNode>> hundreds = new ArrayList<>();
            int[] count = new int[1];
            lines(file, (line, number) -> {
                count[0]++;
                if (number % 10_000 == 0) {
                    hundreds.add(new ArrayList<>());
                }
                if (number % 10_000 < 100) {
                    hundreds.get(hundreds.size() - 1).add(line);
                }
            });
            assertThat(count[0]).isEqualTo(113_937);
            Set<String> found = new HashSet<>();
            int unescaped = 0;
            int longTitles = 0;
            int edited = 0;
            for (List<JsonNode> hundred : hundreds) {
                String ids = String.join(
                        ",",
                        hundred.stream()
                                .map(line -> line.path("name").asString(""))
                                .toList());
                String escaped = text(caller.get("/api/info?id=" + ids));
                JsonNode answer = json(caller.get("/api/info?raw_json=1&id=" + ids));
                found.addAll(names(answer));
                for (int i = 0; i < hundred.size(); i++) {
                    JsonNode line = hundred.get(i);
                    JsonNode page =
                            json(caller.get("/comments/" + line.path("id").asString("") + "?raw_json=1"));
                    JsonNode post =
                            page.get(0).path("data").path("children").get(0).path("data");
                    String title = post.path("title").asString("");
                    String recorded = line.path("title").asString("");
                    assertThat(title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
                            .isEqualTo(recorded);
                    assertThat(escaped).contains(line.path("name").asString(""));
                    unescaped += title.equals(recorded) ? 0 : 1;
                    longTitles += title.codePointCount(0, title.length()) > 300 ? 1 : 0;
                    assertThat(post.path("score").isIntegralNumber()).isTrue();
                    assertThat(post.path("over_18").isBoolean()).isTrue();
                    assertThat(post.path("created_utc").decimalValue())
                            .isEqualTo(new BigDecimal(line.path("created_utc").asString("")));
                    assertThat(post.path("edited").isBoolean()
                                    || post.path("edited").isNumber())
                            .isTrue();
                    edited += post.path("edited").isNumber() ? 1 : 0;
                    assertThat(post.has("id10")).isFalse();
                    assertThat(caller.get("/r/" + line.path("subreddit").asString("") + "/about")
                                    .statusCode())
                            .isEqualTo(200);
                }
            }
            assertThat(found).hasSizeGreaterThan(1_100);
            assertThat(unescaped).isPositive();
            assertThat(longTitles).isZero();
            assertThat(edited).isPositive();
            assertThat(names(json(caller.get("/new?limit=1")))).containsExactly("t3_1kq7jw");
        }
    }

    @Test
    void a_file_of_something_else_is_refused(@TempDir Path folder) throws IOException {
        Path file =
                Files.writeString(folder.resolve("things.ndjson"), "{\"kind\": \"t3\", \"data\": {\"name\": \"x\"}}\n");
        assertThatThrownBy(() -> RecordedThings.of(file, null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'x', which is no name of a t3");
        assertThatThrownBy(() -> RecordedThings.of(folder.resolve("none"), null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("cannot be read");
    }
}
