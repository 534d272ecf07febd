package dev.backpop.plan;

import java.util.List;
import java.util.Optional;

/**
 * A plan file, read and validated by itself; whether it fits its stores is for {@code plan check}.
 *
 * @param name the plan's name: letters, digits, {@code -} and {@code _}
 * @param holds beyond what its campaigns hold for the target's sake
 * @param entities parents before children, whatever the order in the file
 * @param text the file's text with its {@code ${VAR}}s unexpanded, which is how it is kept in the ledger: secrets stay in
 *     the environment
 */
public record Plan(
        String name,
        LegacySource legacy,
        TargetSource target,
        HoldThresholds holds,
        List<Entity> entities,
        String text) {
    public Plan {
        entities = List.copyOf(entities);
    }

    public Optional<Entity> entity(String entityName) {
        return entities.stream()
                .filter(entity -> entity.name().equals(entityName))
                .findFirst();
    }
}
