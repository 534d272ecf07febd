package dev.backpop.legacy.reddit;

import java.util.regex.Pattern;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.node.ThematicBreak;
import org.commonmark.parser.Parser;

/** Markdown as the words that a reader sees, in one line. */
final class Markdown {
    private static final Pattern SPACE = Pattern.compile("[ \\t\\n\\x0B\\f\\r]+");
    private static final Pattern TAG = Pattern.compile("<[^>]*>");
    private static final Parser PARSER = Parser.builder().build();

    private Markdown() {}

    /** White space is one blank wherever there is any, and none at the ends; tags and pictures are no words. */
    static String plainText(String markdown) {
        Words words = new Words();
        PARSER.parse(markdown).accept(words);
        return SPACE.matcher(words.text).replaceAll(" ").strip();
    }

    private static final class Words extends AbstractVisitor {
        final StringBuilder text = new StringBuilder();

        @Override
        public void visit(Text node) {
            text.append(node.getLiteral());
        }

        @Override
        public void visit(Code node) {
            text.append(node.getLiteral());
        }

        @Override
        public void visit(SoftLineBreak node) {
            text.append(' ');
        }

        @Override
        public void visit(HardLineBreak node) {
            text.append(' ');
        }

        @Override
        public void visit(FencedCodeBlock node) {
            block(node.getLiteral());
        }

        @Override
        public void visit(IndentedCodeBlock node) {
            block(node.getLiteral());
        }

        @Override
        public void visit(HtmlBlock node) {
            block(TAG.matcher(node.getLiteral())
                    .replaceAll("")
                    .replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&quot;", "\"")
                    .replace("&amp;", "&"));
        }

        @Override
        public void visit(Image node) {
            // Its words stand in for it only where it cannot be shown.
        }

        @Override
        public void visit(ThematicBreak node) {
            space();
        }

        @Override
        public void visit(Paragraph node) {
            block(node);
        }

        @Override
        public void visit(Heading node) {
            block(node);
        }

        @Override
        public void visit(BlockQuote node) {
            block(node);
        }

        @Override
        public void visit(BulletList node) {
            block(node);
        }

        @Override
        public void visit(OrderedList node) {
            block(node);
        }

        @Override
        public void visit(ListItem node) {
            block(node);
        }

        private void block(Node node) {
            space();
            visitChildren(node);
            space();
        }

        private void block(String literal) {
            space();
            text.append(literal);
            space();
        }

        private void space() {
            text.append(' ');
        }
    }
}
