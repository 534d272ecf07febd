package dev.backpop.compare;

import dev.backpop.row.BinaryValues;
import java.util.function.IntPredicate;

/**
 * What two programs that take the marks out of one text agree upon: its letters, digits and signs in their order. They
 * differ in white space, in punctuation, and in the ASCII signs that markup is written with.
 */
final class Words {
    /** Of the words of two different texts. */
    static final String OTHER = "other words";

    private Words() {}

    static boolean areSame(int oid, byte[] left, byte[] right) {
        return of(BinaryValues.text(oid, left)).equals(of(BinaryValues.text(oid, right)));
    }

    /** The words of a text, one behind the other. */
    static String of(String text) {
        IntPredicate counts = Words::counts;
        return text.codePoints()
                .filter(counts)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean counts(int character) {
        return switch (Character.getType(character)) {
            case Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.CONTROL,
                    Character.FORMAT,
                    Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> false;
            // Letters, digits, marks on them, and signs such as emoji, which no markup is made of.
            default -> character > 0x7F || Character.isLetterOrDigit(character);
        };
    }
}
