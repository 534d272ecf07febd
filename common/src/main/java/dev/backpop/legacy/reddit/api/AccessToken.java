package dev.backpop.legacy.reddit.api;

/**
 * What lets a request in. Its text never shows what is secret.
 *
 * @param sealed as it was left for other processes
 */
record AccessToken(String text, String sealed) {
    @Override
    public String toString() {
        return "AccessToken[…]";
    }
}
