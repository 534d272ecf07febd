package dev.backpop.ledger;

import static dev.backpop.ledger.LedgerFixture.ask;
import static dev.backpop.ledger.LedgerFixture.begin;
import static dev.backpop.ledger.LedgerFixture.newDatabase;
import static dev.backpop.ledger.LedgerFixture.run;
import static dev.backpop.ledger.LedgerFixture.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.campaign.ChunkPass;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.campaign.Sighting;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerRechecksTest {
    private static final int LOOKS = 3;
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

    private static Sighting seen(int key, Discrepancy.Kind kind, String mark) {
        return new Sighting(new Discrepancy("[" + key + "]", kind, List.of(), null), mark, mark, "c" + key);
    }

    private static void add(Sighting... sightings) throws Exception {
        try (Connection transaction = begin(database)) {
            Ledger.addDiscrepancies(transaction, "v", 1, "post", DiscrepancyState.PENDING, Arrays.asList(sightings));
            transaction.commit();
        }
    }

    private static void settle(int chunkNo, Relook... looks) throws Exception {
        try (Connection transaction = begin(database)) {
            Ledger.settleRecheck(transaction, "v", chunkNo, Arrays.asList(looks));
            transaction.commit();
        }
    }

    private static void finish(int chunkNo, long keyCount, Counters counters) throws Exception {
        try (Connection transaction = begin(database)) {
            Ledger.lockPlanned(transaction, "v", chunkNo);
            Ledger.finishChunk(transaction, "v", chunkNo, "w", Instant.now(), keyCount, counters);
            transaction.commit();
        }
    }

    @Test
    void what_is_pending_is_planned_once_and_read_back_with_its_marks() throws Exception {
        running(ledger, "v", 1);
        add(seen(1, Discrepancy.Kind.MISSING, "a"), seen(2, Discrepancy.Kind.UNEXPECTED, "b"));

        assertThat(ledger.generation("v", LOOKS).pending()).isEqualTo(2);
        assertThat(ledger.generation("v", LOOKS).checks()).isEqualTo(1);
        assertThat(ledger.generation("v", LOOKS).sinceLastLook()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
        assertThat(ledger.planRechecks("v", LOOKS)).isEqualTo(1);
        assertThat(ledger.planRechecks("v", LOOKS)).isZero();
        assertThat(ledger.generation("v", LOOKS).pending()).isZero();
        assertThat(ledger.chunk("v", 2).orElseThrow().pass()).isEqualTo(ChunkPass.RECHECK);
        assertThat(ledger.chunk("v", 2).orElseThrow().keys()).containsExactly("[1]", "[2]");
        assertThat(ledger.pending("v", 2))
                .containsExactly(
                        new PendingDiscrepancy("[1]", Discrepancy.Kind.MISSING, true, "a", "a"),
                        new PendingDiscrepancy("[2]", Discrepancy.Kind.UNEXPECTED, false, "b", "b"));
    }

    @Test
    void what_a_run_kept_of_a_chunk_that_is_split_then_goes_with_it() throws Exception {
        running(ledger, "v", 2);
        add(seen(1, Discrepancy.Kind.MISSING, "a"));

        assertThat(ledger.splitChunk(
                        "v",
                        1,
                        "w",
                        Duration.ofSeconds(1),
                        "too long",
                        List.of(NewChunk.range(null, "[1]", "[5]", 5), NewChunk.range("[5]", "[6]", "[10]", 5))))
                .isPresent();

        assertThat(ledger.generation("v", LOOKS).pending()).isZero();
    }

    @Test
    void a_look_resolves_confirms_or_leaves_pending() throws Exception {
        running(ledger, "v", 1);
        add(
                seen(1, Discrepancy.Kind.MISSING, "a"),
                seen(2, Discrepancy.Kind.MISMATCHED, "b"),
                seen(3, Discrepancy.Kind.MISMATCHED, "c"));
        ledger.planRechecks("v", LOOKS);
        settle(
                2,
                new Relook("[1]", DiscrepancyState.RESOLVED, true, null),
                new Relook("[2]", DiscrepancyState.CONFIRMED, true, seen(2, Discrepancy.Kind.MISMATCHED, "b")),
                new Relook("[3]", DiscrepancyState.PENDING, false, seen(3, Discrepancy.Kind.UNEXPECTED, "d")));

        List<String> states = new ArrayList<>();
        ledger.discrepancies(
                "v",
                10,
                found -> states.add(
                        found.discrepancy().key() + " " + found.state().word() + " "
                                + found.discrepancy().kind().word() + " " + found.checks()));
        assertThat(states)
                .containsExactly("[1] resolved missing 2", "[2] confirmed mismatched 2", "[3] pending unexpected 2");
        finish(2, 0, Counters.NONE);
        assertThat(ledger.planRechecks("v", LOOKS)).isEqualTo(1);
        assertThat(ledger.pending("v", 3))
                .containsExactly(new PendingDiscrepancy("[3]", Discrepancy.Kind.UNEXPECTED, false, "d", "d"));
        assertThat(ask(database, "SELECT coalesce(content, '-') FROM backpop.discrepancy ORDER BY id"))
                .containsExactly("-", "c2", "c3");
    }

    @Test
    void after_the_last_look_nothing_more_is_planned() throws Exception {
        running(ledger, "v", 1);
        add(seen(1, Discrepancy.Kind.MISSING, "a"));
        for (int chunk = 2; chunk <= LOOKS; chunk++) {
            assertThat(ledger.planRechecks("v", LOOKS)).isEqualTo(1);
            settle(
                    chunk,
                    new Relook("[1]", DiscrepancyState.PENDING, true, seen(1, Discrepancy.Kind.MISSING, "a" + chunk)));
            finish(chunk, 0, Counters.NONE);
        }

        assertThat(ledger.planRechecks("v", LOOKS)).isZero();
        assertThat(ledger.generation("v", LOOKS).pending()).isZero();
    }

    @Test
    void a_look_at_what_is_not_the_chunks_is_refused() throws Exception {
        running(ledger, "v", 1);
        add(seen(1, Discrepancy.Kind.MISSING, "a"));
        ledger.planRechecks("v", LOOKS);

        assertThatThrownBy(() -> settle(7, new Relook("[1]", DiscrepancyState.RESOLVED, true, null)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("chunk 7");
    }

    @Test
    void keys_that_a_recheck_finds_anew_are_enumerated_and_no_others() throws Exception {
        running(ledger, "v", 1);
        add(seen(1, Discrepancy.Kind.UNEXPECTED, "a"), seen(2, Discrepancy.Kind.MISSING, "b"));
        finish(1, 10, Counters.NONE.plus(Counter.ROWS_MATCHED, 9).plus(Counter.ROWS_PENDING, 1));
        ledger.planRechecks("v", LOOKS);

        assertThat(ledger.totals("v").keys()).isEqualTo(10);
        finish(2, 1, Counters.NONE.plus(Counter.ROWS_MATCHED, 2).plus(Counter.ROWS_PENDING, -1));
        assertThat(ledger.totals("v").keys()).isEqualTo(11);
        assertThat(ledger.totals("v").keysDone()).isEqualTo(11);
    }

    @Test
    void tolerated_rows_are_summed_by_column_and_checks_replaced() throws Exception {
        running(ledger, "v", 2);
        try (Connection transaction = begin(database)) {
            Ledger.addTolerated(transaction, "v", 1, Map.of("score", 3L, "ups", 1L));
            Ledger.addTolerated(transaction, "v", 2, Map.of("score", 4L));
            Ledger.addTolerated(transaction, "v", 2, Map.of());
            transaction.commit();
        }
        assertThat(ledger.toleratedRows("v")).isEqualTo(Map.of("score", 7L, "ups", 1L));

        CampaignCheck counts =
                new CampaignCheck("counts", "rows", CampaignCheck.State.FAILED, "9 and 10\0", Instant.EPOCH);
        ledger.keepChecks("v", List.of(counts));
        ledger.keepChecks("v", List.of(counts));
        assertThat(ledger.checks("v")).singleElement().satisfies(check -> {
            assertThat(check.message()).isEqualTo("9 and 10\\u0000");
            assertThat(check.state()).isEqualTo(CampaignCheck.State.FAILED);
        });
    }
}
