package dev.backpop.compare;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** What texts become when their bytes are read, or written, in another encoding than they are in. */
final class Encodings {
    private static final Charset WINDOWS = Charset.forName("windows-1252");
    /** By the bytes of UTF-16 and UTF-8 that one character may have become one replacement each. */
    private static final int WIDEST = 4;

    private Encodings() {}

    /** Whether one text is the other one's UTF-8, read as Latin-1 or Windows-1252, once or twice. */
    static boolean isMisread(String one, String other) {
        return isMisreading(one, other, false)
                || isMisreading(one, other, true)
                || isMisreading(other, one, false)
                || isMisreading(other, one, true);
    }

    private static boolean isMisreading(String text, String misread, boolean windows) {
        String once = misread(text, windows);
        return once.equals(misread) || misread(once, windows).equals(misread);
    }

    private static String misread(String text, boolean windows) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String latin = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!windows) {
            return latin;
        }
        StringBuilder read = new StringBuilder(new String(bytes, WINDOWS));
        for (int i = 0; i < read.length(); i++) {
            // Five bytes mean nothing in Windows-1252; readers take them as they are.
            if (read.charAt(i) == '\uFFFD') {
                read.setCharAt(i, latin.charAt(i));
            }
        }
        return read.toString();
    }

    /** Whether one text is the other with characters beyond ASCII replaced by {@code ?} or U+FFFD. */
    static boolean isReplaced(String one, String other) {
        for (char replacement : new char[] {'?', '\uFFFD'}) {
            for (int each = 0; each <= WIDEST; each++) {
                if (isReplacement(one, other, replacement, each) || isReplacement(other, one, replacement, each)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** @param each how many replacements a character became; 0 for one a byte of its UTF-8 */
    private static boolean isReplacement(String text, String replaced, char replacement, int each) {
        int at = 0;
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            String kept = Character.toString(character);
            i += kept.length();
            int count = each == 0 ? kept.getBytes(StandardCharsets.UTF_8).length : each;
            if (replaced.startsWith(kept, at)) {
                at += kept.length();
            } else if (character >= 0x80
                    && replaced.startsWith(Character.toString(replacement).repeat(count), at)) {
                at += count;
            } else {
                return false;
            }
        }
        return at == replaced.length();
    }
}
