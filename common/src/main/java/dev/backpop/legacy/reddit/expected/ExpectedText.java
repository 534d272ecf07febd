package dev.backpop.legacy.reddit.expected;

import java.util.Locale;
import java.util.StringJoiner;
import java.util.StringTokenizer;
import java.util.regex.Pattern;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Texts as the target can hold them, and what is made of them. */
final class ExpectedText {
    private static final Pattern SPACE = Pattern.compile("(?U)\\s");
    private static final Pattern WORD = Pattern.compile("(?U)\\w");
    private static final Pattern TAG = Pattern.compile("<[^>]*>");
    private static final Parser PARSER = Parser.builder().build();
    private static final HtmlRenderer HTML = HtmlRenderer.builder().build();

    private ExpectedText() {}

    /** The same without what no database text can hold; itself where there is nothing of the kind. */
    static JsonNode storable(JsonNode node) {
        if (node.isString()) {
            String whole = storable(node.stringValue());
            return whole.equals(node.stringValue()) ? node : StringNode.valueOf(whole);
        }
        if (node.isArray()) {
            ArrayNode copy = JsonMapper.shared().createArrayNode();
            node.values().forEach(element -> copy.add(storable(element)));
            return copy;
        }
        if (node.isObject()) {
            ObjectNode copy = JsonMapper.shared().createObjectNode();
            node.properties().forEach(member -> copy.set(member.getKey(), storable(member.getValue())));
            return copy;
        }
        return node;
    }

    private static String storable(String text) {
        int[] points = text.codePoints()
                .filter(point -> point != 0)
                // A pair is one point by now, so what is left of surrogates stands alone.
                .map(point -> point >= 0xD800 && point <= 0xDFFF ? 0xFFFD : point)
                .toArray();
        return new String(points, 0, points.length);
    }

    /** The words that a post's address would say. */
    static String slug(String title) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < title.length(); ) {
            int point = title.codePointAt(i);
            i += Character.charCount(point);
            boolean space = isSpace(point) || point == '_';
            if (space && (words.length() == 0 || words.charAt(words.length() - 1) != '_')) {
                words.append('_');
            } else if (!space && isWord(point)) {
                words.appendCodePoint(point);
            }
        }
        int start = words.length() > 0 && words.charAt(0) == '_' ? 1 : 0;
        int end =
                words.length() > start && words.charAt(words.length() - 1) == '_' ? words.length() - 1 : words.length();
        String slug = words.substring(start, end).toLowerCase(Locale.ROOT);
        if (slug.length() > 50) {
            int cut = slug.lastIndexOf('_', 49);
            slug = slug.substring(0, cut > 0 ? cut : 50);
        }
        return slug.equals("") ? "_" : slug;
    }

    private static boolean isSpace(int point) {
        return SPACE.matcher(Character.toString(point)).matches();
    }

    private static boolean isWord(int point) {
        return WORD.matcher(Character.toString(point)).matches();
    }

    /** What is left of the page that the markdown makes, without its tags, in one line. */
    static String words(String markdown) {
        String page = HTML.render(PARSER.parse(markdown));
        String words = TAG.matcher(page).replaceAll("");
        StringJoiner line = new StringJoiner(" ");
        StringTokenizer parts = new StringTokenizer(unescaped(words), " \t\n\u000B\f\r");
        while (parts.hasMoreTokens()) {
            line.add(parts.nextToken());
        }
        return line.toString().strip();
    }

    private static String unescaped(String text) {
        return text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&amp;", "&");
    }
}
