package dev.backpop.plan;

import java.util.HashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Which line of a plan's file says what. Immutable. */
public final class PlanLines {
    private final String file;
    private final Map<String, Integer> lines = new HashMap<>();

    private PlanLines(String file) {
        this.file = file;
    }

    /**
     * @param text a plan that was read already
     * @param file what places call the file
     */
    public static PlanLines of(String text, String file) {
        PlanLines lines = new PlanLines(file);
        lines.add("", PlanText.parse(text, file));
        return lines;
    }

    private void add(String above, Node node) {
        if (!(node instanceof MappingNode mapping)) {
            return;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode name) {
                String path = above.isEmpty() ? name.getValue() : above + "." + name.getValue();
                lines.putIfAbsent(path, Position.of(name.getStartMark()).line());
                add(path, tuple.getValueNode());
            }
        }
    }

    /** A path with file and line before it, as the plan's reader writes places: {@code shop.yaml:12 entities.post.from}. */
    public String place(String path) {
        String known = path;
        while (!lines.containsKey(known)) {
            int dot = known.lastIndexOf('.');
            if (dot < 0) {
                return file + (path.isEmpty() ? "" : " " + path);
            }
            known = known.substring(0, dot);
        }
        return file + ":" + lines.get(known) + " " + path;
    }
}
