package dev.backpop.producer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.campaign.Discrepancy.Difference;
import dev.backpop.campaign.Reject;
import dev.backpop.ledger.DiscrepancyState;
import dev.backpop.producer.text.StoredJson;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FindingsCommandsTest {
    private final Scene scene = new Scene();

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void without_rejects_or_discrepancies_that_is_said() {
        scene.running("c", "customer", CampaignKind.BACKFILL, 1);

        assertThat(scene.run("rejects", "c").err()).contains("no rejects");
        assertThat(scene.run("discrepancies", "c").err()).contains("no discrepancies");
        for (String command : List.of("rejects", "discrepancies")) {
            assertThat(scene.run(command, "c").out()).isEmpty();
            assertThat(scene.run(command, "c", "--json")).isEqualTo(new CommandRun(0, "", ""));
            assertThat(scene.run(command, "c", "--json", "--summary")).isEqualTo(new CommandRun(0, "", ""));
        }
        assertThat(scene.run("rejects", "c", "--keys")).isEqualTo(new CommandRun(0, "", ""));
    }

    @Test
    void rejects_show_their_causes_first_and_then_rows() throws Exception {
        scene.running("c", "customer", CampaignKind.BACKFILL, 1);
        scene.reject(
                "c",
                reject("[1]", "23505", "duplicate \u001b[2J 🐘", "{\"name\": \"🐘\"}"),
                reject("[\"a\", 2]", "22001", "x".repeat(5_000), null),
                reject("[3]", "23505", "duplicate", null));

        CommandRun run = scene.run("rejects", "c");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).doesNotContain("\u001b").contains("[\"a\",2]", "\\u001b[2J 🐘");
        assertThat(run.out().lines().mapToInt(String::length).max().orElse(0)).isLessThan(400);
        List<String> lines =
                run.out().lines().map(line -> line.replaceAll(" +", " ")).toList();
        assertThat(lines).hasSize(3 + 1 + 4);
        assertThat(lines.get(1)).startsWith("rejected write 23505 name_key 2 1 duplicate");
        assertThat(lines.get(7)).isEqualTo("3 rejected write 23505 name_key duplicate");
        assertThat(run.err()).contains("backpop retry c").doesNotContain("others with --all");
        assertThat(scene.run("rejects", "c", "--summary").out().lines()).hasSize(3);
    }

    @Test
    void rejects_for_programs_are_whole_with_their_source_unchanged() throws Exception {
        scene.running("c", "customer", CampaignKind.BACKFILL, 1);
        String source = "{\n  \"id\": 12345678901234567890123,\n  \"price\": 1.10,\n  \"name\": \"\\u001b🐘\"}";
        scene.reject("c", reject("[1]", "23505", "x".repeat(5_000), source), reject("[2]", null, "none", null));

        List<JsonNode> rows = scene.json("rejects", "c", "--json");
        CommandRun raw = scene.run("rejects", "c", "--json");
        JsonNode group = scene.json("rejects", "c", "--json", "--summary").get(0);

        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).get("message").asString()).hasSize(5_000);
        assertThat(rows.get(0).get("key").get(0).asInt()).isEqualTo(1);
        assertThat(rows.get(0).get("source").get("name").asString()).isEqualTo("\u001b🐘");
        assertThat(raw.out())
                .contains("\"price\":1.10", "12345678901234567890123")
                .doesNotContain("\u001b");
        assertThat(rows.get(1).get("source").isNull()).isTrue();
        assertThat(group.get("count").asInt()).isEqualTo(1);
    }

    @Test
    void a_document_that_nests_deeper_than_readers_go_comes_as_text() {
        String deep = "[".repeat(2_000) + "]".repeat(2_000);

        assertThat(StoredJson.node(deep)).hasToString('"' + deep + '"');
    }

    @Test
    void keys_come_one_a_line_as_ids_are_read_and_all_of_them() throws Exception {
        scene.running("c", "customer", CampaignKind.BACKFILL, 1);
        scene.reject(
                "c",
                IntStream.rangeClosed(1, 1_234)
                        .mapToObj(key -> reject("[" + key + "]", "23505", "m", null))
                        .toArray(Reject[]::new));
        scene.reject("c", reject("[\"köy \\\"🐘\\u001b\"]", null, "m", null), reject("[\"a\",17]", null, "m", null));

        CommandRun run = scene.run("rejects", "c", "--keys");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines()).hasSize(1_236).startsWith("1", "2").endsWith("köy \"🐘\u001b", "[\"a\",17]");
        assertThat(scene.run("rejects", "c", "--keys", "--limit", "2").out().lines())
                .containsExactly("1", "2");
        assertThat(scene.run("rejects", "c", "--keys", "--json").exitCode()).isEqualTo(2);
    }

    @Test
    void keys_that_no_line_can_say_are_counted_and_not_mangled() throws Exception {
        scene.running("c", "customer", CampaignKind.BACKFILL, 1);
        scene.reject(
                "c",
                reject("[\"a\\nb\"]", null, "m", null),
                reject("[\"a\\n\"]", null, "m", null),
                reject("[\"\"]", null, "m", null),
                reject("[\"fine\"]", null, "m", null),
                reject("[\"a\\nb\", 1]", null, "m", null));

        CommandRun run = scene.run("rejects", "c", "--keys");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out().lines()).containsExactly("fine", "[\"a\\nb\",1]");
        assertThat(run.err()).contains("3 keys left out", "--json");
    }

    @Test
    void people_get_twenty_rows_unless_they_ask_for_more() throws Exception {
        scene.running("c", "customer", CampaignKind.BACKFILL, 1);
        scene.reject(
                "c",
                IntStream.rangeClosed(1, 1_100)
                        .mapToObj(key -> reject("[" + key + "]", "23505", "m", null))
                        .toArray(Reject[]::new));

        CommandRun some = scene.run("rejects", "c");

        assertThat(some.out().lines()).hasSize(2 + 1 + 21);
        assertThat(some.err()).contains("20 of 1,100", "--all");
        assertThat(scene.run("rejects", "c", "--limit", "3").out().lines()).hasSize(2 + 1 + 4);
        // A header a page of 500.
        assertThat(scene.run("rejects", "c", "--all").out().lines()).hasSize(2 + 1 + 3 + 1_100);
        assertThat(scene.run("rejects", "c", "--all", "--limit", "3").exitCode())
                .isEqualTo(2);
        assertThat(scene.run("rejects", "c", "--limit", "-1").err()).contains("--limit");
        assertThat(scene.run("rejects", "c", "--json").out().lines()).hasSize(1_100);
    }

    @Test
    void discrepancies_show_both_values_cut_in_the_middle_for_people_and_whole_for_programs() throws Exception {
        scene.running("v", "customer", CampaignKind.VERIFY, 1);
        String text = "a".repeat(300) + "🐘" + "z".repeat(300);
        scene.differ(
                "v",
                DiscrepancyState.CONFIRMED,
                new Discrepancy(
                        "[1]",
                        Discrepancy.Kind.MISMATCHED,
                        List.of(
                                new Difference("name", "x ", "x", "white space"),
                                new Difference("note", text, null, null)),
                        "differs only by \u001b[2J"),
                new Discrepancy("[2]", Discrepancy.Kind.MISSING, List.of(), null),
                new Discrepancy("[3]", Discrepancy.Kind.MISSING, List.of(), null));

        CommandRun run = scene.run("discrepancies", "v");
        List<JsonNode> documents = scene.json("discrepancies", "v", "--json");

        assertThat(run.exitCode()).isZero();
        List<String> lines =
                run.out().lines().map(line -> line.replaceAll(" +", " ")).toList();
        assertThat(lines).hasSize(3 + 1 + 1 + 4);
        assertThat(lines.get(1)).isEqualTo("missing - - 2 2");
        assertThat(lines.get(2)).startsWith("mismatched name (white space), note differs only by \\u001b[2J 1 1");
        assertThat(lines.get(5)).contains("1 mismatched confirmed name \"x \" \"x\" white space");
        assertThat(lines.get(6)).contains("\"aaa", "…", "zzz\" NULL").doesNotContain("🐘");
        assertThat(run.out()).doesNotContain("\u001b");
        assertThat(documents).hasSize(3);
        assertThat(documents.get(0).get("columns").get(1).get("legacy").asString())
                .isEqualTo(text);
        assertThat(documents.get(0).get("columns").get(1).get("target").isNull())
                .isTrue();
        assertThat(scene.run("discrepancies", "v", "--limit", "1").err()).contains("first 1 keys");
        assertThat(scene.json("discrepancies", "v", "--json", "--summary")
                        .get(0)
                        .get("count")
                        .asInt())
                .isEqualTo(2);
    }

    private static Reject reject(String key, @Nullable String sqlState, String message, @Nullable String source) {
        return new Reject(key, Reject.Stage.WRITE, sqlState, "name_key", null, message, source);
    }
}
