package dev.backpop.plan;

import dev.backpop.problem.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Reads plan files: YAML in, a valid {@link Plan} or every problem at once out. Says nothing of whether the plan fits its
 * stores. Thread-safe if its environment is.
 */
public final class PlanReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

    private final Variables variables;

    /** @param environment the value of a variable, or null when it is unset, such as {@code System::getenv} */
    public PlanReader(Function<String, @Nullable String> environment) {
        this.variables = new Variables(environment);
    }

    /**
     * Reads a plan from its file.
     *
     * @throws InvalidInputException when the file cannot be read or is not a valid plan; no problem holds a secret
     */
    public Plan read(Path file) {
        String text = PlanText.read(file);
        Path absolute = file.toAbsolutePath();
        Path directory = Optional.ofNullable(absolute.getParent()).orElse(absolute);
        return read(text, String.valueOf(file.getFileName()), directory);
    }

    /**
     * Reads a plan from its text, as the ledger keeps it.
     *
     * @param name what problems call the file
     * @param directory what relative paths of the plan start from
     * @throws InvalidInputException when the text is not a valid plan; no problem holds a secret
     */
    public Plan read(String text, String name, Path directory) {
        Node node = PlanText.parse(text, name);
        ProblemList problems = new ProblemList(name);
        Plan plan = plan(
                Element.root(node, problems, variables),
                new StoreReader(directory.toAbsolutePath().normalize(), variables),
                text);
        problems.throwIfAny();
        if (plan == null) {
            throw new IllegalStateException("a plan was refused without a reason");
        }
        return plan;
    }

    /**
     * Reads of a plan in the ledger only what its holds need, so that a process without the plan's variables can too.
     *
     * @param name what problems would call the file
     * @param entity the entity whose table is asked for
     */
    public EntityHolds holds(String text, String name, String entity) {
        ProblemList problems = new ProblemList(name);
        Element whole = Element.root(PlanText.parse(text, name), problems, variables);
        Element table = child(child(child(child(whole, "entities"), entity), "into"), "table");
        return new EntityHolds(HoldsReader.read(child(whole, "holds")), table == null ? null : table.text());
    }

    private static @Nullable Element child(@Nullable Element above, String name) {
        Map<String, Element> entries = above == null ? null : above.entries();
        return entries == null ? null : entries.get(name);
    }

    private static @Nullable Plan plan(Element root, StoreReader stores, String text) {
        Section section = root.section(List.of("plan", "legacy", "target", "holds", "entities"));
        if (section == null) {
            return null;
        }
        String name = name(section);
        Element legacyElement = section.required("legacy");
        Section legacySection = legacyElement == null ? null : legacyElement.section(LegacyKind.words());
        LegacySource legacy = legacySection == null ? null : stores.legacy(legacySection);
        TargetSource target = stores.target(root, section.optional("target"));
        HoldThresholds holds = HoldsReader.read(section.optional("holds"));
        Element entitiesElement = section.required("entities");
        List<Entity> entities = entitiesElement == null ? null : entities(entitiesElement, kind(legacySection));
        if (name == null || legacy == null || target == null || entities == null) {
            return null;
        }
        return new Plan(name, legacy, target, holds, entities, text);
    }

    private static @Nullable String name(Section section) {
        Element element = section.required("plan");
        String name = element == null ? null : element.text();
        if (element != null && name != null && !NAME.matcher(name).matches()) {
            element.problem("a plan's name is letters, digits, '-' and '_'");
        }
        return name;
    }

    private static @Nullable LegacyKind kind(@Nullable Section legacy) {
        List<LegacyKind> named = legacy == null ? List.of() : LegacyKind.in(legacy);
        return named.size() == 1 ? named.get(0) : null;
    }

    private static @Nullable List<Entity> entities(Element element, @Nullable LegacyKind legacy) {
        Map<String, Element> entries = element.entries();
        if (entries == null) {
            return null;
        }
        if (entries.isEmpty()) {
            element.problem("is empty: name at least one entity to move");
        }
        EntityReader reader = new EntityReader(legacy, entries.keySet());
        Map<String, Entity> entities = new LinkedHashMap<>();
        entries.forEach((name, value) -> {
            Entity entity = reader.read(name, value);
            if (entity != null) {
                entities.put(name, entity);
            }
        });
        List<String> order = reader.order();
        if (entities.size() < entries.size()) {
            return null;
        }
        List<Entity> sorted = new ArrayList<>();
        for (String name : order) {
            Entity entity = entities.get(name);
            if (entity != null) {
                sorted.add(entity);
            }
        }
        return sorted;
    }
}
