package dev.backpop.plan;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One value of a plan file, with its place. Every reading method notes a problem and returns null when the value is not
 * what was asked for, so that reading goes on and all problems are told together. No problem repeats a value whose
 * variables have been replaced.
 */
final class Element {
    private static final Set<String> NULL_WORDS = Set.of("", "~", "null", "Null", "NULL");
    private static final String STANDARD_TAGS = "tag:yaml.org,2002:";
    private static final int LONGEST_SHOWN = 80;

    private final Node node;
    private final Position position;
    private final String path;
    private final ProblemList problems;
    private final Variables variables;

    private Element(Node node, Position position, String path, ProblemList problems, Variables variables) {
        this.node = node;
        this.position = position;
        this.path = path;
        this.problems = problems;
        this.variables = variables;
    }

    static Element root(Node node, ProblemList problems, Variables variables) {
        return new Element(node, Position.of(node.getStartMark()), "", problems, variables);
    }

    void problem(String message) {
        problems.add(position, path, message);
    }

    /** Notes a problem of the element's child that has no line of its own, or whose name must not be shown. */
    void problemOf(String child, String message) {
        problems.add(position, path.isEmpty() ? child : path + "." + child, message);
    }

    /** Notes a problem in this element's line, but without its name. */
    void problemWithoutName(String message) {
        int dot = path.lastIndexOf('.');
        problems.add(position, dot < 0 ? "" : path.substring(0, dot), message);
    }

    boolean isEmpty() {
        return node instanceof ScalarNode scalar
                && (scalar.getValue().isBlank() || (scalar.isPlain() && NULL_WORDS.contains(scalar.getValue())));
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    /** The scalar as the file has it, cut to a length that fits a message. */
    String shown() {
        return shorten(raw());
    }

    /** The scalar as the file has it, variables not replaced; empty for anything else. */
    String raw() {
        return node instanceof ScalarNode scalar ? scalar.getValue().strip() : "";
    }

    /** The scalar's text with variables replaced and outer white space removed; never blank. */
    @Nullable
    String text() {
        if (isEmpty()) {
            problem("is empty: give it a value or leave it out");
            return null;
        }
        return expression();
    }

    /** True or false; null with a problem noted for anything else. */
    @Nullable
    Boolean flag() {
        String text = text();
        if (text == null) {
            return null;
        }
        if (!text.equals("true") && !text.equals("false")) {
            problem("is '" + shown() + "', and must be true or false");
            return null;
        }
        return Boolean.valueOf(text);
    }

    /** Like {@link #text}, but the bare word {@code null} is SQL's and taken as it stands. */
    @Nullable
    String expression() {
        String text = exactText();
        if (text != null && text.isBlank()) {
            problem("is empty: the variable that it is made of is set to nothing");
            return null;
        }
        return text == null ? null : text.strip();
    }

    /** The scalar's text with variables replaced and nothing else changed; may be empty if a variable is. */
    @Nullable
    String exactText() {
        if (!(node instanceof ScalarNode scalar)) {
            expected("a single value");
            return null;
        }
        boolean ordinary = node.getTag().getValue().startsWith(STANDARD_TAGS)
                || node.getTag().equals(Tag.ENV_TAG);
        if (!ordinary) {
            problem(
                    "YAML tags are not read: put quotes round a text that begins with '!', and write ${VAR} for a value "
                            + "of the environment");
            return null;
        }
        if (scalar.getValue().isBlank()
                || (scalar.isPlain() && scalar.getValue().equals("~"))) {
            problem("is empty: give it a value or leave it out");
            return null;
        }
        String text = variables.expand(scalar.getValue(), this::problem);
        if (text != null && !canBeStored(text)) {
            problem("holds a NUL character or half of a surrogate pair, which PostgreSQL cannot take: remove it");
            return null;
        }
        return text;
    }

    private static boolean canBeStored(String text) {
        return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** A list of scalars, or a single one: never empty, nothing twice. */
    @Nullable
    List<String> texts() {
        List<String> texts = new ArrayList<>();
        boolean complete = true;
        for (Element item : items()) {
            String text = item.text();
            if (text != null && texts.contains(text)) {
                item.problem("is in the list twice: keep one");
                complete = false;
            }
            if (text == null) {
                complete = false;
            } else {
                texts.add(text);
            }
        }
        if (node instanceof SequenceNode && texts.isEmpty() && complete) {
            problem("is an empty list: name at least one");
            return null;
        }
        return complete ? texts : null;
    }

    /** The items of a list; anything else is its own single item. */
    List<Element> items() {
        if (!(node instanceof SequenceNode sequence)) {
            return List.of(this);
        }
        return sequence.getValue().stream()
                .map(item -> new Element(item, Position.of(item.getStartMark()), path, problems, variables))
                .toList();
    }

    /** A mapping whose names the plan's author chooses, in file order. */
    @Nullable
    Map<String, Element> entries() {
        if (!(node instanceof MappingNode mapping)) {
            expected("a mapping");
            return null;
        }
        Map<String, Element> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Position start = Position.of(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode name)
                    || name.getValue().isBlank()) {
                problems.add(start, path, "expected a name before the colon");
            } else if (name.isPlain() && name.getValue().equals("<<")) {
                problems.add(start, path, "merge keys (<<) are not read: write the keys out");
            } else {
                String shown = shorten(name.getValue());
                Element value = new Element(
                        tuple.getValueNode(), start, path.isEmpty() ? shown : path + "." + shown, problems, variables);
                Element earlier = entries.putIfAbsent(name.getValue(), value);
                if (earlier != null) {
                    value.problem("is written twice, first in line " + earlier.position.line() + ": keep one");
                }
            }
        }
        return entries;
    }

    /** A mapping whose possible names are known. */
    @Nullable
    Section section(List<String> known) {
        Map<String, Element> entries = entries();
        return entries == null ? null : new Section(this, entries, known);
    }

    private void expected(String what) {
        if (isEmpty()) {
            problem("is empty: expected " + what);
            return;
        }
        String found = "a single value";
        if (node instanceof MappingNode) {
            found = "a mapping";
        } else if (node instanceof SequenceNode) {
            found = "a list";
        }
        problem("expected " + what + ", found " + found);
    }

    private static String shorten(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ");
        return line.length() <= LONGEST_SHOWN ? line : line.substring(0, LONGEST_SHOWN) + "…";
    }
}
