package dev.backpop.producer.demo;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.Counter;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.campaign.RowReason;
import dev.backpop.campaign.Tally;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.RejectGroup;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The demo's last tables: what became of every row, what was refused and why, and what differs. */
final class DemoReport {
    private static final List<Counter> BACKFILL = List.of(
            Counter.ROWS_WRITTEN,
            Counter.ROWS_UNCHANGED,
            Counter.ROWS_GUARDED,
            Counter.ROWS_REJECTED,
            Counter.ROWS_DEFERRED,
            Counter.ROWS_ABSENT);
    private static final List<Counter> VERIFY = List.of(
            Counter.ROWS_MATCHED,
            Counter.ROWS_MISMATCHED,
            Counter.ROWS_MISSING,
            Counter.ROWS_UNVERIFIABLE,
            Counter.ROWS_ABSENT);

    private static final int LONGEST_REASON = 110;

    private final Ledger ledger;
    private final DemoScreen screen;

    DemoReport(Ledger ledger, DemoScreen screen) {
        this.ledger = ledger;
        this.screen = screen;
    }

    /** Where every key of the campaigns, all of one kind, ended up. */
    void sums(CampaignKind kind, List<DemoOutcome> outcomes) {
        boolean verify = kind == CampaignKind.VERIFY;
        List<Counter> counters = new ArrayList<>(verify ? VERIFY : BACKFILL);
        if (outcomes.stream().anyMatch(outcome -> excluded(outcome) > 0)) {
            counters.add(Counter.ROWS_EXCLUDED);
        }
        List<String> headers = new ArrayList<>(List.of(kind.word(), "enumerated", "="));
        counters.forEach(counter -> headers.add(counter.word()));
        headers.add("");
        if (verify) {
            headers.add("unexpected");
        }
        List<List<@Nullable Object>> rows = new ArrayList<>();
        Counters sum = Counters.NONE;
        long enumerated = 0;
        for (DemoOutcome outcome : outcomes) {
            Tally tally = outcome.totals().tally(kind);
            rows.add(row(outcome.entity(), tally, counters, verify));
            sum = sum.plus(tally.counters());
            enumerated += tally.enumerated();
        }
        rows.add(row("all", new Tally(kind, enumerated, sum, 0), counters, verify));
        screen.table(headers, rows);
    }

    private static long excluded(DemoOutcome outcome) {
        return outcome.totals().counters().get(Counter.ROWS_EXCLUDED);
    }

    /** Why keys came to no row and to no reject; nothing where there are none. */
    void reasons(List<DemoOutcome> backfills) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (DemoOutcome backfill : backfills) {
            for (RowReason reason : ledger.rowReasons(backfill.campaign().id())) {
                rows.add(new ArrayList<>(List.of(
                        backfill.entity(), reason.outcome().word(), reason.rows(), reason.example(), reason.reason())));
            }
        }
        if (!rows.isEmpty()) {
            screen.table(List.of("left out of", "as", "count", "for example", "reason"), rows);
            screen.line("");
        }
    }

    private static List<@Nullable Object> row(String name, Tally tally, List<Counter> counters, boolean verify) {
        List<@Nullable Object> row = new ArrayList<>(List.of(name, tally.enumerated(), tally.addsUp() ? "=" : "≠"));
        counters.forEach(counter -> row.add(tally.counters().get(counter)));
        row.add(tally.addsUp() ? "adds up" : "DOES NOT ADD UP");
        if (verify) {
            row.add(tally.counters().get(Counter.ROWS_UNEXPECTED));
        }
        return row;
    }

    /** The rows that could not be written, by cause. */
    void rejects(List<DemoOutcome> backfills) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (DemoOutcome backfill : backfills) {
            for (RejectGroup group : ledger.rejectGroups(backfill.campaign().id())) {
                String state = group.sqlState();
                rows.add(new ArrayList<>(List.of(
                        backfill.entity(),
                        group.count(),
                        state == null ? "-" : state,
                        group.exampleKey(),
                        reason(group))));
            }
        }
        screen.table(List.of("rejects of", "count", "SQLSTATE", "for example", "reason"), rows);
    }

    /** The first line, without the row itself: it is in the ledger, and too long for a table. */
    private static String reason(RejectGroup group) {
        String line = group.exampleMessage().lines().findFirst().orElse("");
        for (String detail : List.of(" (Failing row", " (Key (")) {
            int at = line.indexOf(detail);
            line = at < 0 ? line : line.substring(0, at);
        }
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON - 1) + "…";
    }

    /** The rows that the target has, but with other values. */
    void mismatches(List<DemoOutcome> verifications) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (DemoOutcome verification : verifications) {
            for (Discrepancy one : DemoCheck.mismatched(ledger, verification)) {
                for (Discrepancy.Difference difference : one.columns()) {
                    List<@Nullable Object> row =
                            new ArrayList<>(List.of(verification.entity(), one.key(), difference.column()));
                    row.add(difference.legacy());
                    row.add(difference.target());
                    rows.add(row);
                }
            }
        }
        if (!rows.isEmpty()) {
            screen.table(List.of("mismatch in", "key", "column", "legacy", "target"), rows);
        }
    }
}
