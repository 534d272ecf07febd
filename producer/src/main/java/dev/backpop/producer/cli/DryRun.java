package dev.backpop.producer.cli;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.legacy.FailedRow;
import dev.backpop.plan.Entity;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import dev.backpop.producer.driver.KeyReservoir;
import dev.backpop.producer.driver.SampleRequest;
import dev.backpop.producer.text.Quantities;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.row.KeyShape;
import dev.backpop.row.Row;
import dev.backpop.stores.EntityStores;
import dev.backpop.stores.PlanStores;
import dev.backpop.target.Fence;
import dev.backpop.target.GuardedWriter;
import dev.backpop.target.LiveTouches;
import dev.backpop.target.WriteResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says what a campaign would do: counts its keys and chunks, and for a backfill writes a sample of rows in a transaction
 * that is rolled back.
 */
final class DryRun {
    private static final int KEYS_IN_A_CHUNK = 1_000;
    private static final int SAMPLE = 1_000;
    private static final int EXAMPLES = 5;

    private final String plan;
    private final PlanStores stores;
    private final PostgresPool target;
    private final Output output;
    private final boolean json;

    DryRun(String plan, PlanStores stores, PostgresPool target, Output output, boolean json) {
        this.plan = plan;
        this.stores = stores;
        this.target = target;
        this.output = output;
        this.json = json;
    }

    private record Document(
            String entity,
            String kind,
            long keys,
            @Nullable Long drawn,
            long chunks,
            @Nullable Sample sample) {}

    private record Sample(int rows, long written, long unchanged, long guarded, long rejected, List<String> reasons) {}

    /** @param wanted the sample that would be compared; null for none */
    void run(
            Entity entity,
            CampaignKind kind,
            @Nullable String from,
            @Nullable String to,
            @Nullable List<String> ids,
            @Nullable SampleRequest wanted) {
        EntityStores opened = stores.entity(entity);
        KeyShape shape = opened.shape().key();
        KeyReservoir reservoir = new KeyReservoir(SAMPLE, 1);
        if (ids == null) {
            Key lower = from == null ? null : parse("--from", from, shape);
            Key upper = to == null ? null : parse("--to", to, shape);
            Optional<Key> last = opened.legacy().lastKey(lower, upper);
            last.ifPresent(bound -> opened.legacy().keys(lower, null, bound, Long.MAX_VALUE, reservoir::add));
        } else {
            HashSet<Key> once = new HashSet<>();
            for (String id : ids) {
                if (!id.isBlank() && once.add(parse("--ids", id, shape))) {
                    reservoir.add(parse("--ids", id, shape));
                }
            }
        }
        Long drawn = wanted == null ? null : Long.valueOf(Math.min(wanted.size(), reservoir.seen()));
        long chunks = ((drawn == null ? reservoir.seen() : drawn) + KEYS_IN_A_CHUNK - 1) / KEYS_IN_A_CHUNK;
        Sample sample = kind == CampaignKind.BACKFILL && reservoir.seen() > 0 ? sample(opened, reservoir.keys()) : null;
        print(new Document(entity.name(), kind.word(), reservoir.seen(), drawn, chunks, sample));
    }

    private void print(Document document) {
        if (json) {
            output.json(document);
            return;
        }
        Long drawn = document.drawn();
        output.line(document.entity() + ": " + Quantities.count(document.keys()) + " keys, "
                + (drawn == null ? "" : Quantities.count(drawn) + " of them drawn, ") + "about "
                + Quantities.count(document.chunks()) + " chunks");
        Sample sample = document.sample();
        if (sample != null) {
            output.line("  of a sample of " + Quantities.count(sample.rows()) + ": "
                    + Quantities.count(sample.written()) + " would be written, " + Quantities.count(sample.unchanged())
                    + " are unchanged, " + Quantities.count(sample.guarded()) + " guarded, "
                    + Quantities.count(sample.rejected()) + " rejected; all rolled back");
            sample.reasons().forEach(reason -> output.line("  reject: " + reason));
        }
    }

    private Sample sample(EntityStores opened, List<Key> keys) {
        GuardedWriter writer = new GuardedWriter(plan, opened.entity(), opened.table(), opened.shape());
        Fence fence = fence(opened);
        List<Row> rows = new ArrayList<>();
        List<FailedRow> failed = opened.legacy().fetch(new KeySelection.Keys(keys), rows::addAll).stream()
                .filter(row -> row.kind() != FailedRow.Kind.ABSENT && row.kind() != FailedRow.Kind.EXCLUDED)
                .toList();
        try (Connection connection = target.connection()) {
            connection.setAutoCommit(false);
            try {
                writer.begin(connection);
                WriteResult result = writer.write(connection, rows, fence);
                List<String> reasons = new ArrayList<>();
                failed.forEach(row -> reasons.add(row.key() + ": " + row.message()));
                result.rejected().forEach(row -> reasons.add(opened.shape().keyOf(row.row()) + ": " + row.message()));
                return new Sample(
                        rows.size() + failed.size(),
                        result.written(),
                        result.unchanged(),
                        result.guarded(),
                        reasons.size(),
                        reasons.stream().limit(EXAMPLES).toList());
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw target.unreachable(e);
        }
    }

    /** A dry run installs no triggers; where there are none, nobody is known to have touched anything. */
    private Fence fence(EntityStores opened) {
        try (Connection connection = target.connection()) {
            return LiveTouches.of(plan, opened.entity(), opened.table())
                    .fence(connection)
                    .orElse(Fence.NONE);
        } catch (SQLException e) {
            throw target.unreachable(e);
        }
    }

    private static Key parse(String option, String typed, KeyShape shape) {
        try {
            return shape.parse(typed);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(List.of(new Problem(option, String.valueOf(e.getMessage()))));
        }
    }
}
