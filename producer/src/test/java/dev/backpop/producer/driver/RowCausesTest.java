package dev.backpop.producer.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.campaign.Discrepancy.Kind;
import dev.backpop.campaign.Reject;
import dev.backpop.campaign.Sighting;
import dev.backpop.ledger.DiscrepancyState;
import dev.backpop.ledger.Ledger;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Why rows are on one side only, as a verification says once it has found them. */
class RowCausesTest {
    private DriverScene scene;
    private String id = "";

    @BeforeEach
    void open() throws Exception {
        scene = new DriverScene(100);
        scene.plan = scene.plan.replace("columns: { id: id }", "columns: { id: id, name: name, note: note }");
        scene.database.run(
                "ALTER TABLE old_thing ADD name text, ADD note json",
                "UPDATE old_thing SET name = 'name ' || id",
                "ALTER TABLE thing ADD name text, ADD note json, ADD beside int",
                "INSERT INTO thing SELECT id, name, note FROM old_thing");
        id = scene.create(CampaignKind.VERIFY, null, null, null);
        scene.toEnd(id);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private static Sighting seen(int key, Kind kind, String content) {
        return new Sighting(new Discrepancy("[" + key + "]", kind, List.of(), null), "", "", content);
    }

    private List<String> explained(Sighting... sightings) throws Exception {
        try (Connection connection = scene.database.connect()) {
            Ledger.addDiscrepancies(connection, id, 1, "thing", DiscrepancyState.CONFIRMED, Arrays.asList(sightings));
        }
        try (StoredPlan plan = scene.plan()) {
            new RowCauses(scene.ledger, scene.target)
                    .explain(id, plan.entity(scene.ledger.find(id).orElseThrow()));
        }
        List<String> found = new ArrayList<>();
        scene.ledger.discrepancies(id, 100, stored -> {
            Discrepancy one = stored.discrepancy();
            StringBuilder text = new StringBuilder(
                    one.key() + " " + one.kind().word() + ": " + (one.cause() == null ? "-" : one.cause()));
            one.columns()
                    .forEach(column -> text.append(" ")
                            .append(column.column())
                            .append(" ")
                            .append(column.legacy())
                            .append("→")
                            .append(column.target()));
            found.add(text.toString());
        });
        return found;
    }

    private List<String> groups() {
        return scene.ledger.discrepancyGroups(id).stream()
                .map(group -> group.count() + " " + group.example().kind().word() + " "
                        + group.example().cause())
                .toList();
    }

    @Test
    void a_missing_and_an_unexpected_row_of_the_same_content_are_one_row_under_another_key() throws Exception {
        scene.database.run("UPDATE thing SET id = id + 1000 WHERE id IN (5, 6)");

        assertThat(explained(
                        seen(5, Kind.MISSING, "a"),
                        seen(6, Kind.MISSING, "b"),
                        seen(1005, Kind.UNEXPECTED, "a"),
                        seen(1006, Kind.UNEXPECTED, "b"),
                        seen(7, Kind.MISSING, "c")))
                .containsExactlyInAnyOrder(
                        "[5] missing: its row stands under another key id 5→1005",
                        "[6] missing: its row stands under another key id 6→1006",
                        "[1005] unexpected: the row of another key id 5→1005",
                        "[1006] unexpected: the row of another key id 6→1006",
                        "[7] missing: -");
        assertThat(groups())
                .containsExactlyInAnyOrder(
                        "2 missing its row stands under another key",
                        "2 unexpected the row of another key",
                        "1 missing null");
    }

    @Test
    void of_several_rows_with_the_same_content_nobody_knows_which_became_which() throws Exception {
        scene.database.run("UPDATE thing SET id = id + 1000, name = 'same' WHERE id IN (5, 6)");

        assertThat(explained(
                        seen(5, Kind.MISSING, "a"),
                        seen(6, Kind.MISSING, "a"),
                        seen(1005, Kind.UNEXPECTED, "a"),
                        seen(1006, Kind.UNEXPECTED, "a")))
                .allMatch(found -> found.endsWith(": -"));
    }

    @Test
    void an_unexpected_row_with_the_content_of_another_row_is_its_copy() throws Exception {
        scene.database.run(
                "INSERT INTO thing SELECT id + 1000, name, note, 7 FROM thing WHERE id IN (5, 6)",
                "INSERT INTO thing VALUES (2000, 'its own'), (2001, ''), (2002, NULL), (2003, NULL)",
                "UPDATE thing SET name = NULL WHERE id = 50",
                "INSERT INTO thing SELECT 2004, name, note FROM thing WHERE id = 5",
                "UPDATE thing SET note = '{\"a\": 1}' WHERE id = 2004");

        assertThat(explained(
                        seen(1005, Kind.UNEXPECTED, "a"),
                        seen(1006, Kind.UNEXPECTED, "b"),
                        seen(2000, Kind.UNEXPECTED, "c"),
                        seen(2001, Kind.UNEXPECTED, "d"),
                        seen(2002, Kind.UNEXPECTED, "e"),
                        seen(2003, Kind.UNEXPECTED, "e"),
                        seen(2004, Kind.UNEXPECTED, "f")))
                .containsExactlyInAnyOrder(
                        "[1005] unexpected: a copy of another row id 5→1005",
                        "[1006] unexpected: a copy of another row id 6→1006",
                        "[2000] unexpected: -",
                        "[2001] unexpected: -",
                        "[2002] unexpected: -",
                        "[2003] unexpected: -",
                        "[2004] unexpected: -");
        assertThat(groups()).contains("2 unexpected a copy of another row");
    }

    @Test
    void copies_are_found_of_rows_with_text_keys_and_several_key_columns() throws Exception {
        scene.plan = scene.plan
                .replace("into: { table: thing, key: id }", "into: { table: thing, key: [board, id] }")
                .replace("from: { table: old_thing, key: id }", "from: { table: old_thing, key: [board, id] }")
                .replace("columns: { id: id,", "columns: { id: id, board: board,");
        scene.database.run(
                "ALTER TABLE old_thing ADD board text NOT NULL DEFAULT 'B'",
                "ALTER TABLE thing ADD board text NOT NULL DEFAULT 'B' COLLATE \"en-x-icu\"",
                "ALTER TABLE thing DROP CONSTRAINT thing_pkey, ADD PRIMARY KEY (board, id)",
                "INSERT INTO thing SELECT id, name, note, 7, 'b' FROM thing WHERE id = 5");
        id = scene.create(CampaignKind.VERIFY, null, null, null);
        Sighting copy = new Sighting(new Discrepancy("[\"b\", 5]", Kind.UNEXPECTED, List.of(), null), "", "", "a");

        scene.toEnd(id);
        assertThat(explained(copy)).containsExactly("[\"b\", 5] unexpected: a copy of another row board B→b id 5→5");
    }

    @Test
    void a_missing_row_that_waits_for_its_parent_says_so_and_one_that_was_rejected_keeps_its_reason() throws Exception {
        String backfill = scene.create(CampaignKind.BACKFILL, null, null, List.of("5", "6"));
        try (Connection connection = scene.database.connect()) {
            Ledger.addRejects(
                    connection,
                    backfill,
                    1,
                    "thing",
                    List.of(
                            new Reject(
                                    "[5]",
                                    Reject.Stage.WRITE,
                                    "23503",
                                    "thing_owner",
                                    null,
                                    "no owner 9",
                                    null,
                                    new Reject.Parent("owner", "[9]")),
                            new Reject("[6]", Reject.Stage.WRITE, "22001", null, null, "too long", null, null)));
        }
        Discrepancy rejected = new Discrepancy("[6]", Kind.MISSING, List.of(), "rejected by the backfill: too long");
        Discrepancy waiting = new Discrepancy("[5]", Kind.MISSING, List.of(), "rejected by the backfill: no owner 9");

        assertThat(explained(new Sighting(rejected, "", "", "a"), new Sighting(waiting, "", "", "b")))
                .containsExactlyInAnyOrder(
                        "[6] missing: rejected by the backfill: too long",
                        "[5] missing: deferred by the backfill: waits for its parent in owner");
    }
}
