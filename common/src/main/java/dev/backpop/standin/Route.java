package dev.backpop.standin;

import java.util.List;

/** What a request asks for, by the words of its path. */
enum Route {
    ACCESS_TOKEN("/api/v1/access_token"),
    REVOKE_TOKEN("/api/v1/revoke_token"),
    TOKENS_OF_A_USER("/api/v1/generate_refresh_token"),
    ME("/api/v1/me"),
    INFO("/api/info"),
    MORE_CHILDREN("/api/morechildren"),
    POST("/comments/POST"),
    COMMENT("/comments/POST/_/COMMENT"),
    NEW_POSTS("/new"),
    NEW_COMMENTS("/comments"),
    NEW_CHANNELS("/subreddits/new"),
    CHANNEL_POSTS("/r/CHANNEL/new"),
    ABOUT("/r/CHANNEL/about"),
    MODERATORS("/r/CHANNEL/about/moderators"),
    CONTRIBUTORS("/r/CHANNEL/about/contributors"),
    UNKNOWN("other");

    private final String shown;

    Route(String shown) {
        this.shown = shown;
    }

    /** As statistics name it. */
    String shown() {
        return shown;
    }

    /** True for what is asked for with the client's own name and secret, or a key, instead of a token. */
    boolean isLogin() {
        return this == ACCESS_TOKEN || this == REVOKE_TOKEN || this == TOKENS_OF_A_USER;
    }

    /**
     * @param words as {@link #inChannel} leaves them
     */
    static Route of(String method, List<String> words) {
        String path = "/" + String.join("/", words);
        boolean isGet = method.equals("GET");
        if (path.equals(ACCESS_TOKEN.shown) || path.equals(REVOKE_TOKEN.shown)) {
            return isGet ? UNKNOWN : path.equals(ACCESS_TOKEN.shown) ? ACCESS_TOKEN : REVOKE_TOKEN;
        }
        if (path.equals(MORE_CHILDREN.shown)) {
            return MORE_CHILDREN;
        }
        if (!isGet) {
            return UNKNOWN;
        }
        for (Route route : new Route[] {TOKENS_OF_A_USER, ME, INFO, NEW_POSTS, NEW_COMMENTS, NEW_CHANNELS}) {
            if (path.equals(route.shown)) {
                return route;
            }
        }
        if (words.size() >= 2 && words.get(0).equals("comments")) {
            return words.size() <= 3 ? POST : words.size() == 4 ? COMMENT : UNKNOWN;
        }
        if (words.size() < 3 || !words.get(0).equals("r")) {
            return UNKNOWN;
        }
        return switch (String.join("/", words.subList(2, words.size()))) {
            case "new" -> CHANNEL_POSTS;
            case "about" -> ABOUT;
            case "about/moderators" -> MODERATORS;
            case "about/contributors" -> CONTRIBUTORS;
            default -> UNKNOWN;
        };
    }

    /** A post's page may be asked for below its channel; the channel says nothing then. */
    static List<String> inChannel(List<String> words) {
        return words.size() >= 4 && words.get(0).equals("r") && words.get(2).equals("comments")
                ? words.subList(2, words.size())
                : words;
    }
}
