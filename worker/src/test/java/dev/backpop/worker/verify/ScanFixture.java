package dev.backpop.worker.verify;

import dev.backpop.plan.Plan;
import dev.backpop.plan.PlanReader;
import dev.backpop.plan.Verification.Method;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.row.Key;
import dev.backpop.row.KeySelection;
import dev.backpop.settings.Environment;
import dev.backpop.stores.EntityStores;
import dev.backpop.stores.PlanStores;
import dev.backpop.testing.Database;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One entity {@code thing} between two databases, opened to be scanned. */
final class ScanFixture implements AutoCloseable {
    static final KeySelection ALL = new KeySelection.Range(null, null, null);

    final EntityStores stores;
    final PostgresPool target;
    private final PlanStores opened;

    /** @param entity the entity's text in the plan, indented by nothing */
    ScanFixture(Database legacy, Database target, String entity) {
        String text = "plan: shop\nlegacy: { jdbc: { url: \"" + legacy.url() + "\" } }\ntarget: { url: \""
                + target.url() + "\" }\nentities:\n  thing:\n" + entity.indent(4);
        Plan plan = new PlanReader(new Environment(Map.<String, String>of()::get)).read(text, "plan", Path.of("/"));
        this.target = PostgresPool.target(target.address(), "test", 4);
        this.opened = PlanStores.open(plan, this.target, "test", 4);
        this.stores = opened.entity(plan.entities().get(0));
    }

    Scan scan(Method method) {
        Scans.Chosen chosen = Scans.of(stores, target, method);
        if (chosen.method() != method) {
            throw new IllegalStateException("chose " + chosen);
        }
        return chosen.scan();
    }

    /** Everything, look after look; candidates in key order. */
    Verdict verdict(Scan scan) throws SQLException {
        return verdict(scan, ALL);
    }

    Verdict verdict(Scan scan, KeySelection selection) throws SQLException {
        long matched = 0;
        List<Key> candidates = new ArrayList<>();
        @Nullable KeySelection rest = selection;
        while (rest != null) {
            Scanned scanned = scan.run(rest);
            matched += scanned.matched();
            candidates.addAll(scanned.candidates());
            rest = scanned.rest();
        }
        TreeSet<Key> ordered = new TreeSet<>(stores.shape().key());
        ordered.addAll(candidates);
        if (ordered.size() != candidates.size()) {
            throw new IllegalStateException("a key is a candidate twice: " + candidates);
        }
        return new Verdict(matched, ordered.stream().map(Key::toString).toList());
    }

    @Override
    public void close() {
        opened.close();
        target.close();
    }

    record Verdict(long matched, List<String> candidates) {}
}
