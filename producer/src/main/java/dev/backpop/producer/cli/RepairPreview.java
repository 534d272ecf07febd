package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.ledger.DiscrepancyState;
import dev.backpop.ledger.Ledger;
import dev.backpop.producer.text.Quantities;
import dev.backpop.producer.text.StoredJson;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Says what a repair of a verification's confirmed discrepancies would change, and changes nothing. */
final class RepairPreview {
    private static final List<String> ROW_HEADERS =
            List.of("key", "kind", "would be", "column", "target value", "legacy value");

    private final Ledger ledger;
    private final boolean deleteUnexpected;
    private final Output output;

    RepairPreview(Ledger ledger, boolean deleteUnexpected, Output output) {
        this.ledger = ledger;
        this.deleteUnexpected = deleteUnexpected;
        this.output = output;
    }

    /**
     * One row that is wrong, as programs get it.
     *
     * @param action {@code written}, {@code deleted} or {@code left}
     */
    private record Row(
            @Nullable JsonNode key,
            Discrepancy.Kind kind,
            String action,
            List<Discrepancy.Difference> columns,
            @Nullable String cause) {}

    /** Every row up to the limit, one document each. */
    void json(String id, int most) {
        ledger.discrepancies(id, DiscrepancyState.CONFIRMED, most, stored -> {
            Discrepancy found = stored.discrepancy();
            output.json(new Row(
                    StoredJson.node(found.key()), found.kind(), action(found.kind()), found.columns(), found.cause()));
        });
    }

    /** Counts by kind and cause, then the rows up to the limit. */
    void print(Campaign verification, Map<Discrepancy.Kind, Long> confirmed, int most) {
        String id = verification.id();
        output.line("A repair of " + verification.plan() + "/" + verification.entity() + " would write "
                + rows(confirmed, Discrepancy.Kind.MISSING) + " and " + rows(confirmed, Discrepancy.Kind.MISMATCHED)
                + ", and " + (deleteUnexpected ? "delete " : "leave ")
                + rows(confirmed, Discrepancy.Kind.UNEXPECTED) + ".");
        output.table(
                DiscrepanciesCommand.GROUP_HEADERS,
                ledger.confirmedGroups(id, 200).stream()
                        .map(DiscrepanciesCommand::cells)
                        .toList());
        output.line("");
        AtomicLong keys = new AtomicLong();
        try (TablePages pages = new TablePages(output, ROW_HEADERS)) {
            ledger.discrepancies(id, DiscrepancyState.CONFIRMED, most, stored -> {
                keys.incrementAndGet();
                add(stored.discrepancy(), pages);
            });
        }
        long all = confirmed.values().stream().mapToLong(Long::longValue).sum();
        if (keys.get() < all) {
            output.note("These are the first " + Quantities.count(keys.get()) + " of " + Quantities.count(all)
                    + " rows; all with --all, whole values with --json.");
        }
    }

    private void add(Discrepancy found, TablePages pages) {
        if (found.columns().isEmpty()) {
            pages.add(cells(found, null, null, null));
        }
        for (Discrepancy.Difference difference : found.columns()) {
            pages.add(cells(
                    found,
                    difference.column(),
                    DiscrepanciesCommand.quoted(difference.target()),
                    DiscrepanciesCommand.quoted(difference.legacy())));
        }
    }

    private List<@Nullable Object> cells(
            Discrepancy found, @Nullable String column, @Nullable String target, @Nullable String legacy) {
        return Arrays.asList(
                DiscrepanciesCommand.shown(StoredJson.key(found.key())),
                found.kind().word(),
                action(found.kind()),
                column,
                target,
                legacy);
    }

    private String action(Discrepancy.Kind kind) {
        if (kind != Discrepancy.Kind.UNEXPECTED) {
            return "written";
        }
        return deleteUnexpected ? "deleted" : "left";
    }

    static String rows(Map<Discrepancy.Kind, Long> counts, Discrepancy.Kind kind) {
        long count = counts.getOrDefault(kind, 0L);
        return Quantities.count(count) + " " + kind.word() + (count == 1 ? " row" : " rows");
    }
}
