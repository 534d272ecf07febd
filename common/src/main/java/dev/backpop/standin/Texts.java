package dev.backpop.standin;

/** Texts as people write them, some with what makes trouble on the way. A function of its seed. Immutable. */
final class Texts {
    private static final String[] WORDS = {
        "river", "answer", "open", "course", "seven", "late", "paper", "quiet", "north", "table", "why", "does", "the",
        "proof", "of", "this", "hold", "when", "every", "student", "reads", "it", "twice", "before", "lunch", "and",
        "after"
    };
    /** Control characters, one beyond the 16-bit plane, text that is not composed, invisible and markup characters. */
    private static final String[] ODD = {
        " \u0000",
        " \u0008\u001b[1m",
        " \ud83d\ude00\ud83c\udf0d",
        " cafe\u0301 A\u030a",
        " \u200b\u200f\ufeff",
        " <b>&amp; \"quoted\"</b> a < b && c > d",
        " &lt;already&gt; &amp;amp;",
        " \r\nnext line\r",
        " \ud83d",
        " \u0ca0_\u0ca0 \u00a0"
    };

    private static final int ONE_ODD_OF = 16;

    private final Chance words;
    private final Chance odd;
    private final boolean plain;

    /**
     * @param plain true for words only
     */
    Texts(Chance chance, boolean plain) {
        words = chance.of("words");
        odd = chance.of("odd");
        this.plain = plain;
    }

    /** A text of one to that many words. */
    String text(long id, int mostWords) {
        int count = 1 + words.below(mostWords, id);
        StringBuilder text = new StringBuilder();
        long bits = words.bits(~id);
        for (int word = 0; word < count; word++) {
            if (word > 0) {
                text.append(word % 12 == 0 ? ".\n" : " ");
            }
            text.append(WORDS[(int) Long.remainderUnsigned(bits, WORDS.length)]);
            bits = words.bits(bits);
        }
        if (!plain && odd.below(ONE_ODD_OF, id) == 0) {
            text.append(ODD[odd.below(ODD.length, ~id)]);
        }
        if (!plain && odd.below(50, id) == 7) {
            text.insert(0, "  ").append("  \n");
        }
        return text.toString();
    }

    /** As a title stands in an address: at most 50 characters, cut between words. */
    static String slug(String title) {
        StringBuilder slug = new StringBuilder();
        for (int i = 0; i < title.length(); i++) {
            char character = Character.toLowerCase(title.charAt(i));
            if (Character.isLetterOrDigit(character)) {
                slug.append(character);
            } else if (Character.isWhitespace(character) || character == '_' || character == '-') {
                if (!slug.isEmpty() && slug.charAt(slug.length() - 1) != '_') {
                    slug.append('_');
                }
            }
        }
        if (slug.length() > 50) {
            int cut = slug.lastIndexOf("_", 50);
            slug.setLength(cut > 0 ? cut : 50);
        }
        while (!slug.isEmpty() && slug.charAt(slug.length() - 1) == '_') {
            slug.setLength(slug.length() - 1);
        }
        return slug.isEmpty() ? "_" : slug.toString();
    }
}
