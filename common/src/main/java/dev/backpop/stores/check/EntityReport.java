package dev.backpop.stores.check;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found about one entity.
 *
 * @param keys how many keys its legacy side has, estimated when nothing was measured; null when that is not known
 * @param findings in the order of the checks
 */
public record EntityReport(String entity, @Nullable Long keys, List<Finding> findings) {
    public EntityReport {
        findings = List.copyOf(findings);
    }
}
