package dev.backpop.plan;

import dev.backpop.problem.InvalidInputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** A plan's text with another name and another table for one of its entities; nothing else of it changes. */
public final class RedirectedPlan {
    private RedirectedPlan() {}

    /**
     * The altered text, {@code ${VAR}}s unexpanded as before.
     *
     * @param name letters, digits, {@code -} and {@code _}
     * @param table as {@code into.table} takes it
     * @throws InvalidInputException when the text has no single place that says so
     */
    public static String text(Plan plan, String name, String entity, String table) {
        String yaml = plan.text().startsWith("\uFEFF") ? plan.text().substring(1) : plan.text();
        Node root = PlanText.parse(yaml, plan.name());
        List<Change> changes = new ArrayList<>();
        changes.add(change(find(root, List.of("plan")), name));
        changes.add(change(find(root, List.of("entities", entity, "into", "table")), table));
        StringBuilder text = new StringBuilder(yaml);
        changes.stream()
                .sorted(Comparator.comparingInt(Change::from).reversed())
                .forEach(change -> {
                    int from = yaml.offsetByCodePoints(0, change.from());
                    int to = yaml.offsetByCodePoints(0, change.to());
                    // The end of a block of text is its line's end.
                    String lineEnd = yaml.substring(from, to).endsWith("\n") ? "\n" : "";
                    text.replace(from, to, change.value() + lineEnd);
                });
        return text.toString();
    }

    /** @param from in code points, as is to */
    private record Change(int from, int to, String value) {}

    private static Change change(@Nullable Node node, String value) {
        if (!(node instanceof ScalarNode)) {
            throw new InvalidInputException("the plan's name or the entity's into.table is not written as a plain value"
                    + " of the plan file, so that it cannot be given another one: write it out");
        }
        Mark from = node.getStartMark().orElseThrow();
        Mark to = node.getEndMark().orElseThrow();
        return new Change(
                from.getIndex(),
                to.getIndex(),
                '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }

    private static @Nullable Node find(Node root, List<String> path) {
        Node node = root;
        for (String name : path) {
            node = node instanceof MappingNode mapping ? child(mapping, name) : null;
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    private static @Nullable Node child(MappingNode mapping, String name) {
        return mapping.getValue().stream()
                .filter(tuple -> tuple.getKeyNode() instanceof ScalarNode key && Objects.equals(key.getValue(), name))
                .map(NodeTuple::getValueNode)
                .findFirst()
                .orElse(null);
    }
}
