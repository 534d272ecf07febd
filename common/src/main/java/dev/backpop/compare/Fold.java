package dev.backpop.compare;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;

/**
 * One way in which two texts can differ, and what takes it out of a text: texts that are equal once both were folded differ
 * in nothing else.
 *
 * @param cause in words
 */
record Fold(String cause, UnaryOperator<String> folding) {
    /** The narrower before the wider; folded in this order when several are needed. */
    static final List<Fold> ALL = List.of(
            new Fold("HTML escaping", HtmlText::unescaped),
            new Fold("line endings", text -> text.replace("\r\n", "\n").replace('\r', '\n')),
            new Fold("leading or trailing white space", Fold::stripped),
            new Fold("NUL characters", text -> text.replace("\\u0000", "").replace("\0", "")),
            new Fold("invisible characters", text -> without(text, Fold::isInvisible)),
            new Fold("quotation marks", Fold::straightQuotes),
            new Fold("white space", text -> without(text, Fold::isSpace)),
            new Fold("Unicode normalization", text -> Normalizer.normalize(text, Normalizer.Form.NFKC)),
            new Fold("case", text -> text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT)));

    String apply(String text) {
        return folding.apply(text);
    }

    private static boolean isSpace(int character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character) || character == 0x85;
    }

    private static boolean isInvisible(int character) {
        boolean variation = character >= 0xFE00 && character <= 0xFE0F;
        boolean control = Character.isISOControl(character) && character != 0 && !isSpace(character);
        return Character.getType(character) == Character.FORMAT || variation || control;
    }

    private static String without(String text, IntPredicate unwanted) {
        return text.codePoints()
                .filter(unwanted.negate())
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    static String stripped(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static String straightQuotes(String text) {
        StringBuilder straight = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033".indexOf(c) >= 0) {
                straight.append('"');
            } else {
                straight.append("\u2018\u2019\u201a\u201b\u2039\u203a\u2032".indexOf(c) >= 0 ? '\'' : c);
            }
        }
        return straight.toString();
    }
}
