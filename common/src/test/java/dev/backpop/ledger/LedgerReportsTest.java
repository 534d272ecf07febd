package dev.backpop.ledger;

import static dev.backpop.ledger.LedgerFixture.ask;
import static dev.backpop.ledger.LedgerFixture.begin;
import static dev.backpop.ledger.LedgerFixture.newDatabase;
import static dev.backpop.ledger.LedgerFixture.run;
import static dev.backpop.ledger.LedgerFixture.running;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.campaign.Discrepancy.Difference;
import dev.backpop.campaign.Reject;
import dev.backpop.campaign.Sighting;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerReportsTest {
    private static DataSource database;
    private static Ledger ledger;

    @BeforeAll
    static void open() {
        database = newDatabase();
        ledger = Ledger.open(database);
    }

    @BeforeEach
    void clear() throws Exception {
        run(database, "TRUNCATE backpop.campaign CASCADE");
    }

    static Reject reject(String key, String message) {
        return new Reject(key, Reject.Stage.WRITE, "23514", "price_positive", "price", message, "{\"a\": 1}");
    }

    private static void add(String id, int chunkNo, Reject... rejects) throws Exception {
        try (Connection transaction = begin(database)) {
            Ledger.addRejects(transaction, id, chunkNo, "post", Arrays.asList(rejects));
            transaction.commit();
        }
    }

    private static void add(String id, int chunkNo, DiscrepancyState state, Discrepancy... discrepancies)
            throws Exception {
        try (Connection transaction = begin(database)) {
            Ledger.addDiscrepancies(transaction, id, chunkNo, "post", state, seen(discrepancies));
            transaction.commit();
        }
    }

    private static List<Sighting> seen(Discrepancy... discrepancies) {
        return Arrays.stream(discrepancies)
                .map(discrepancy -> new Sighting(discrepancy, "", "", null))
                .toList();
    }

    private static List<Reject> rejects(String id) {
        List<Reject> found = new ArrayList<>();
        ledger.rejects(id, Integer.MAX_VALUE, stored -> found.add(stored.reject()));
        return found;
    }

    private static List<StoredDiscrepancy> discrepancies(String id) {
        List<StoredDiscrepancy> found = new ArrayList<>();
        ledger.discrepancies(id, Integer.MAX_VALUE, found::add);
        return found;
    }

    private static Discrepancy mismatch(String key, @Nullable String cause, String... columns) {
        return new Discrepancy(
                key,
                Discrepancy.Kind.MISMATCHED,
                Arrays.stream(columns)
                        .map(column -> new Difference(column, "old\0\u0007", null, "case"))
                        .toList(),
                cause);
    }

    @Test
    void a_rolled_back_transaction_leaves_the_chunk_planned_and_no_rejects() throws Exception {
        running(ledger, "c1", 1);
        try (Connection transaction = begin(database)) {
            Ledger.lockPlanned(transaction, "c1", 1);
            Ledger.addRejects(transaction, "c1", 1, "post", List.of(reject("[1]", "no")));
            Ledger.addDiscrepancies(
                    transaction, "c1", 1, "post", DiscrepancyState.CONFIRMED, seen(mismatch("[1]", null, "a")));
            Ledger.finishChunk(transaction, "c1", 1, "w", Instant.EPOCH, 10, Counters.NONE);
            transaction.rollback();
        }

        assertThat(ledger.chunk("c1", 1).orElseThrow().state()).isEqualTo(ChunkState.PLANNED);
        assertThat(rejects("c1")).isEmpty();
        assertThat(discrepancies("c1")).isEmpty();
    }

    @Test
    void rejects_come_back_in_order_as_they_were() throws Exception {
        running(ledger, "c1", 2);
        Reject bare = new Reject("[2]", Reject.Stage.FETCH, null, null, null, "gone", null);
        add("c1", 2, reject("[3]", "third\nline \u0001"), bare);
        add("c1", 1, reject("[\"a\", 17]", "first"));
        add("c1", 1);

        assertThat(rejects("c1"))
                .containsExactly(reject("[3]", "third\nline \u0001"), bare, reject("[\"a\", 17]", "first"));
        List<Integer> chunks = new ArrayList<>();
        ledger.rejects("c1", 2, stored -> chunks.add(stored.chunkNo()));
        assertThat(chunks).containsExactly(2, 2);
    }

    @Test
    void a_reject_finds_room_whatever_is_in_it() throws Exception {
        running(ledger, "c1", 1);
        String control = IntStream.range(1, 32).mapToObj(Character::toString).reduce("", String::concat);
        add(
                "c1",
                1,
                new Reject(
                        "[\"k\\u0000\\ud800\\\\u0000\"]",
                        Reject.Stage.WRITE,
                        "22021",
                        "c\0",
                        "d\0",
                        "a\0b\ud800" + control,
                        "{\"a\":\"\\u0000\",\"a\":1.10}"),
                new Reject("[2]", Reject.Stage.TRANSFORM, null, null, null, "m", "{\"a\":\"raw\0\"}"),
                new Reject("[3]", Reject.Stage.TRANSFORM, null, null, null, "x".repeat(20_000), "no JSON \0"),
                new Reject("[\"" + "é".repeat(50_000) + "\"]", Reject.Stage.TRANSFORM, null, null, null, "m", ""));

        List<Reject> found = rejects("c1");
        assertThat(found.get(0))
                .isEqualTo(new Reject(
                        "[\"k\\\\u0000\\\\ud800\\\\u0000\"]",
                        Reject.Stage.WRITE,
                        "22021",
                        "c\\u0000",
                        "d\\u0000",
                        "a\\u0000b\\ud800" + control,
                        "{\"a\":\"\\u0000\",\"a\":1.10}"));
        assertThat(found.get(1).source()).isEqualTo("{\"a\":\"raw\\u0000\"}");
        assertThat(found.get(2).source()).isEqualTo("\"no JSON \\\\u0000\"");
        assertThat(found.get(2).message()).hasSizeLessThan(10_100).endsWith("(20000 characters)");
        assertThat(found.get(3).source()).isEqualTo("\"\"");
    }

    @Test
    void rejects_are_grouped_by_cause_with_an_example() throws Exception {
        running(ledger, "c1", 1);
        Reject fetch = new Reject("[1]", Reject.Stage.FETCH, null, null, null, "gone", null);
        add("c1", 1, fetch, reject("[2]", "first"), reject("[3]", "second"));

        assertThat(ledger.rejectGroups("c1"))
                .containsExactly(
                        new RejectGroup(
                                RejectState.REJECTED,
                                Reject.Stage.WRITE,
                                "23514",
                                "price_positive",
                                "price",
                                2,
                                "[2]",
                                "first"),
                        new RejectGroup(RejectState.REJECTED, Reject.Stage.FETCH, null, null, null, 1, "[1]", "gone"));
    }

    @Test
    void the_newest_reject_explains_a_key_however_it_is_spelled() throws Exception {
        running(ledger, "post", 1);
        running(ledger, "comment", 1);
        add("post", 1, reject("[\"a\", 17]", "older"), reject("[\"a\", 17]", "newer"), reject("[5]", "five"));
        add("comment", 1, reject("[6]", "another entity's"));

        assertThat(ledger.rejectReasons("shop", "post", List.of("[\"a\",17]", "[5]", "[6]", "[7]")))
                .isEqualTo(Map.of("[\"a\",17]", "newer", "[5]", "five"));
        assertThat(ledger.rejectReasons("other", "post", List.of("[5]"))).isEmpty();
        assertThat(ledger.rejectReasons("shop", "post", List.of())).isEmpty();
    }

    @Test
    void a_discrepancy_seen_again_is_the_same_one() throws Exception {
        running(ledger, "c1", 2);
        add("c1", 1, DiscrepancyState.PENDING, mismatch("[\"a\",1]", null, "name"));
        run(database, "UPDATE backpop.discrepancy SET first_seen = '2026-01-01', last_seen = '2026-01-01'");
        Discrepancy missing = new Discrepancy("[\"a\", 1]", Discrepancy.Kind.MISSING, List.of(), "rejected: \0");
        add("c1", 2, DiscrepancyState.CONFIRMED, mismatch("[\"a\", 1]", null, "other"), missing);

        StoredDiscrepancy found = discrepancies("c1").get(0);
        assertThat(discrepancies("c1")).hasSize(1);
        assertThat(found.discrepancy())
                .isEqualTo(new Discrepancy("[\"a\", 1]", Discrepancy.Kind.MISSING, List.of(), "rejected: \\u0000"));
        assertThat(found.checks()).isEqualTo(1);
        assertThat(found.chunkNo()).isEqualTo(2);
        assertThat(found.state()).isEqualTo(DiscrepancyState.CONFIRMED);
        assertThat(found.firstSeen()).isBefore(found.lastSeen());
    }

    @Test
    void discrepancies_are_counted_and_grouped_without_the_resolved() throws Exception {
        running(ledger, "c1", 1);
        add(
                "c1",
                1,
                DiscrepancyState.CONFIRMED,
                mismatch("[1]", "case", "name"),
                mismatch("[2]", "case", "name"),
                mismatch("[3]", "case", "name", "price"),
                new Discrepancy("[4]", Discrepancy.Kind.UNEXPECTED, List.of(), null));
        add("c1", 1, DiscrepancyState.RESOLVED, mismatch("[5]", "case", "name"));

        add("c1", 0, DiscrepancyState.RESOLVED, mismatch("[6]", "case", "name"));

        assertThat(ledger.discrepancyCounts("c1"))
                .isEqualTo(Map.of(
                        Discrepancy.Kind.MISMATCHED,
                        3L,
                        Discrepancy.Kind.UNEXPECTED,
                        1L,
                        Discrepancy.Kind.MISSING,
                        0L));
        assertThat(ledger.discrepancyGroups("c1"))
                .extracting(group -> group.columns() + " " + group.count())
                .containsExactly("[name] 2", "[name, price] 1", "[] 1");
        assertThat(ledger.discrepancyGroups("c1").get(0).example())
                .isEqualTo(new Discrepancy(
                        "[1]",
                        Discrepancy.Kind.MISMATCHED,
                        List.of(new Difference("name", "old\\u0000\u0007", null, "case")),
                        "case"));
        assertThat(ask(database, "SELECT count(*) FROM backpop.discrepancy")).containsExactly("6");
    }

    @Test
    void discrepancies_are_told_apart_by_the_causes_of_their_columns_and_not_by_keys_in_a_cause() throws Exception {
        running(ledger, "c1", 1);
        add(
                "c1",
                1,
                DiscrepancyState.CONFIRMED,
                differing("[1]", "case"),
                differing("[2]", "HTML escaping"),
                differing("[3]", "case"),
                differing("[4]", null),
                unexpected("[5]", "a copy of key [1]"),
                unexpected("[6]", "a copy of key [\"a\", 2]"),
                unexpected("[7]", "rejected: Key (email)=(a@b) is taken"));
        add("c1", 1, DiscrepancyState.PENDING, differing("[8]", "case"));

        assertThat(ledger.confirmedGroups("c1", 10))
                .extracting(group -> group.example().kind().word() + " " + group.columnCauses() + " " + group.cause()
                        + " " + group.count() + " " + group.example().key() + " "
                        + group.last().key())
                .containsExactly(
                        "mismatched [case] null 2 [1] [3]",
                        "unexpected [] a copy of key […] 2 [5] [6]",
                        "mismatched [HTML escaping] null 1 [2] [2]",
                        "mismatched [] null 1 [4] [4]",
                        "unexpected [] rejected: Key (email)=(…) is taken 1 [7] [7]");
        assertThat(ledger.confirmedGroups("c1", 1)).hasSize(1);
        assertThat(ledger.discrepancyGroups("c1").get(0).count()).isEqualTo(3);
        assertThat(ledger.columnCauses("c1"))
                .containsExactly(
                        new ColumnCause("name", "case", 2),
                        new ColumnCause("name", "HTML escaping", 1),
                        new ColumnCause("name", null, 1));
        assertThat(ledger.discrepancyStates("c1").get(DiscrepancyState.CONFIRMED))
                .isEqualTo(Map.of(
                        Discrepancy.Kind.MISMATCHED,
                        4L,
                        Discrepancy.Kind.UNEXPECTED,
                        3L,
                        Discrepancy.Kind.MISSING,
                        0L));
        assertThat(ledger.busiest("c1", 5))
                .extracting(busy -> busy.discrepancy().key())
                .containsExactly("[8]");
    }

    @Test
    void the_rejects_of_an_entity_are_those_of_all_its_backfills() throws Exception {
        running(ledger, "post", 1);
        running(ledger, "comment", 1);
        run(database, "UPDATE backpop.campaign SET state = 'completed', finished_at = now(), entity = 'post'");
        add("post", 1, reject("[2]", "first"), reject("[3]", "second"));
        add("comment", 1, reject("[4]", "third"));

        assertThat(ledger.entityRejects("shop", "post", 10))
                .extracting(found -> found.campaignId() + " " + found.group().count() + " "
                        + found.group().exampleMessage())
                .containsExactly("post 2 first", "comment 1 third");
        assertThat(ledger.entityRejects("shop", "comment", 10)).isEmpty();
    }

    @Test
    void the_slowest_chunk_is_named_with_what_the_others_took() throws Exception {
        running(ledger, "c1", 4);
        assertThat(ledger.chunkTimes("c1").slowest()).isNull();
        run(
                database,
                "UPDATE backpop.chunk SET state = 'done', worker = 'w' || chunk_no % 2, started_at = '2026-01-01',"
                        + " finished_at = timestamptz '2026-01-01' + chunk_no * interval '100 ms' WHERE chunk_no < 4");
        run(database, "UPDATE backpop.chunk SET finished_at = '2025-01-01' WHERE chunk_no = 1");

        assertThat(ledger.chunkTimes("c1"))
                .isEqualTo(new ChunkTimes(
                        3, 2, Duration.ofMillis(500), Duration.ofMillis(200), 3, Duration.ofMillis(300), 10));
    }

    private static Discrepancy differing(String key, @Nullable String cause) {
        return new Discrepancy(
                key, Discrepancy.Kind.MISMATCHED, List.of(new Difference("name", "a" + key, "b", cause)), null);
    }

    private static Discrepancy unexpected(String key, String cause) {
        return new Discrepancy(key, Discrepancy.Kind.UNEXPECTED, List.of(), cause);
    }
}
