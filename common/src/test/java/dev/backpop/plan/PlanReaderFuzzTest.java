package dev.backpop.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Whatever stands in a plan file, the answer is a plan or problems with places, and nothing else. */
class PlanReaderFuzzTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String DATABASE = """
            {"plan": "shop",
             "legacy": {"jdbc": {"url": "postgresql://h/d", "user": "u", "password": "${P}"}},
             "target": {"url": "postgresql://h/d", "user": "u", "password": "${P}"},
             "entities": {
              "customer": {
               "parents": ["country"],
               "from": {"table": "crm.customer", "key": ["a", "b"], "where": "x > 1"},
               "into": {"table": "customer", "key": ["a", "b"]},
               "columns": {"a": "a", "n": 1, "v": "v"},
               "guard": {"version": {"from": "v", "into": "v"}}},
              "country": {
               "from": {"query": "select 1 as id", "key": "id"},
               "into": {"table": "country", "key": "id"},
               "columns": {},
               "guard": "fence"}}}
            """;
    private static final String FILES = """
            {"plan": "shop",
             "legacy": {"file": {"directory": "dumps"}},
             "entities": {
              "post": {
               "from": {"file": "a", "key": "id", "format": "csv", "compression": "gzip", "fields": {"n": "bigint"}},
               "into": {"table": "post", "key": "id"},
               "columns": {"n": "n"}}}}
            """;
    private static final Map<String, String> ENVIRONMENT = Map.of("P", "p", "BACKPOP_TARGET_URL", "postgresql://h/d");
    private static final List<String> REPLACEMENTS = List.of(
            "null",
            "{}",
            "[]",
            "[[]]",
            "[null]",
            "[{\"a\": []}]",
            "{\"\": null}",
            "{\"a\": {\"b\": []}}",
            "\"\"",
            "\" \"",
            "\"${\"",
            "\"${UNSET}\"",
            "\"$${\"",
            "\"\\u0000\"",
            "\"\\u2028\\ud83d\\ude00\"",
            "\"//:@\"",
            "true",
            "-1e9",
            "\"customer\"",
            "[\"customer\", \"customer\"]");

    @Test
    void any_value_may_be_missing_or_of_a_wrong_kind() {
        for (String plan : List.of(DATABASE, FILES)) {
            assertThat(accepted(plan)).as("the plan as it is").isTrue();
            List<JsonPointer> places = new ArrayList<>();
            collect(JSON.readTree(plan), JsonPointer.empty(), places);
            assertThat(places).hasSizeGreaterThan(15);
            for (JsonPointer place : places) {
                accepted(changed(plan, place, null));
                for (String replacement : REPLACEMENTS) {
                    accepted(changed(plan, place, JSON.readTree(replacement)));
                }
            }
        }
    }

    @Test
    void a_text_may_be_cut_or_garbled_anywhere() {
        Random random = new Random(7);
        String strange = "{}[]:,&*!|>'\"%@`#-? \n\t$\u0000\u0085\uFEFF\uD800~<=0";
        for (int i = 0; i < DATABASE.length(); i++) {
            accepted(DATABASE.substring(0, i));
            accepted(DATABASE.substring(0, i) + DATABASE.substring(i + 1));
            char one = strange.charAt(random.nextInt(strange.length()));
            char two = strange.charAt(random.nextInt(strange.length()));
            accepted(DATABASE.substring(0, i) + one + two + DATABASE.substring(i + random.nextInt(2)));
        }
    }

    /** Whether there is a plan; anything but a plan or problems fails the test by being thrown. */
    private static boolean accepted(String text) {
        try {
            Plan plan = new PlanReader(ENVIRONMENT::get).read(text, "shop.yaml", Path.of("."));
            assertThat(plan.entities()).isNotEmpty();
            return true;
        } catch (InvalidInputException e) {
            assertThat(e.problems())
                    .extracting(Problem::place)
                    .allSatisfy(place -> assertThat(place).startsWith("shop.yaml"));
            return false;
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("this plan broke its reader:\n" + text, e);
        }
    }

    private static void collect(JsonNode node, JsonPointer place, List<JsonPointer> places) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(entry -> {
                JsonPointer child = place.appendProperty(entry.getKey());
                places.add(child);
                collect(entry.getValue(), child, places);
            });
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                places.add(place.appendIndex(i));
                collect(array.get(i), place.appendIndex(i), places);
            }
        }
    }

    private static String changed(String plan, JsonPointer place, @Nullable JsonNode value) {
        JsonNode root = JSON.readTree(plan);
        JsonNode above = root.at(place.head());
        if (above instanceof ObjectNode object) {
            String name = place.last().getMatchingProperty();
            if (value == null) {
                object.remove(name);
            } else {
                object.set(name, value);
            }
        } else if (above instanceof ArrayNode array) {
            int index = place.last().getMatchingIndex();
            if (value == null) {
                array.remove(index);
            } else {
                array.set(index, value);
            }
        }
        return root.toString();
    }
}
