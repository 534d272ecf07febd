package dev.backpop.producer.text;

import java.util.Locale;

/** Text from anywhere, made fit for a terminal, and measured as a terminal shows it. */
public final class Text {
    private Text() {}

    /**
     * The same text with control characters, escapes and reordering marks written out: data may hold sequences that move
     * the cursor, set the window's title or show a line other than it is.
     */
    public static String printable(String text) {
        if (text.codePoints().noneMatch(Text::isUnfit)) {
            return text;
        }
        StringBuilder printable = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(codePoint -> {
            if (!isUnfit(codePoint)) {
                printable.appendCodePoint(codePoint);
            } else if (codePoint == '\n') {
                printable.append("\\n");
            } else if (codePoint == '\r') {
                printable.append("\\r");
            } else if (codePoint == '\t') {
                printable.append("\\t");
            } else {
                printable.append(escaped(codePoint));
            }
        });
        return printable.toString();
    }

    /** JSON text whose strings hold no character that a terminal would obey; it means the same. */
    public static String printableJson(String json) {
        if (json.codePoints().noneMatch(Text::isUnfit)) {
            return json;
        }
        StringBuilder printable = new StringBuilder(json.length() + 16);
        json.codePoints().forEach(codePoint -> {
            if (isUnfit(codePoint)) {
                printable.append(escaped(codePoint));
            } else {
                printable.appendCodePoint(codePoint);
            }
        });
        return printable.toString();
    }

    /** How many columns a terminal needs for it: two for East Asian and emoji, none for combining marks. */
    public static int width(String text) {
        return text.codePoints().map(Text::width).sum();
    }

    /** As much of the text as fits, with {@code …} at its end where something is missing. */
    public static String cut(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        StringBuilder cut = new StringBuilder();
        int used = 0;
        for (int codePoint : text.codePoints().toArray()) {
            used += width(codePoint);
            if (used > columns - 1) {
                break;
            }
            cut.appendCodePoint(codePoint);
        }
        return cut.append('…').toString();
    }

    /** The text's two ends, with {@code …} for what does not fit between them. */
    public static String cutMiddle(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        int tail = (columns - 1) / 2;
        int[] codePoints = text.codePoints().toArray();
        int from = codePoints.length;
        int used = 0;
        while (from > 0 && used + width(codePoints[from - 1]) <= tail) {
            from--;
            used += width(codePoints[from]);
        }
        return cut(text, columns - tail) + new String(codePoints, from, codePoints.length - from);
    }

    private static String escaped(int codePoint) {
        return String.format(Locale.ROOT, "\\u%04x", codePoint);
    }

    private static boolean isUnfit(int codePoint) {
        return Character.isISOControl(codePoint)
                || (codePoint >= 0x2028 && codePoint <= 0x202E)
                || (codePoint >= 0x2066 && codePoint <= 0x2069)
                || codePoint == 0x200E
                || codePoint == 0x200F
                || codePoint == 0x061C
                || (codePoint >= 0xD800 && codePoint <= 0xDFFF);
    }

    private static int width(int codePoint) {
        int type = Character.getType(codePoint);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        return isWide(codePoint) ? 2 : 1;
    }

    /** Roughly the East Asian Wide and Fullwidth ranges. */
    private static boolean isWide(int codePoint) {
        return codePoint >= 0x1100
                && (codePoint <= 0x115F
                        || (codePoint >= 0x2E80 && codePoint <= 0xA4CF && codePoint != 0x303F)
                        || (codePoint >= 0xAC00 && codePoint <= 0xD7A3)
                        || (codePoint >= 0xF900 && codePoint <= 0xFAFF)
                        || (codePoint >= 0xFE30 && codePoint <= 0xFE6F)
                        || (codePoint >= 0xFF00 && codePoint <= 0xFF60)
                        || (codePoint >= 0xFFE0 && codePoint <= 0xFFE6)
                        || (codePoint >= 0x1F300 && codePoint <= 0x1F64F)
                        || (codePoint >= 0x1F680 && codePoint <= 0x1F6FF)
                        || (codePoint >= 0x1F900 && codePoint <= 0x1FAFF)
                        || (codePoint >= 0x20000 && codePoint <= 0x3FFFD));
    }
}
