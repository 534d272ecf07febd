package dev.backpop.legacy.reddit.api;

/** What a server said, made fit for a message. */
final class Words {
    private static final int MOST = 100;

    private Words() {}

    /** Its first words, without what could break a line or a terminal. */
    static String plain(String said) {
        String plain = said.replaceAll("\\p{C}+", " ").strip();
        return plain.codePointCount(0, plain.length()) > MOST
                ? plain.substring(0, plain.offsetByCodePoints(0, MOST)) + "…"
                : plain;
    }
}
