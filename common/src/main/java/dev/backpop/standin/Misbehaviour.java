package dev.backpop.standin;

/** A way in which a server can fail its callers. */
public enum Misbehaviour {
    /** 429, with {@code Retry-After} where a fault has one. */
    TOO_MANY_REQUESTS,
    /** A status of the fault's, 503 by default, with an answer in JSON. */
    SERVER_ERROR,
    /** A page for people, with a status of the fault's, 200 by default. */
    HTML_PAGE,
    /** An answer after the fault's delay. */
    SLOW,
    /** An answer whose second half comes after the fault's delay. */
    SLOW_BODY,
    /** A connection that ends in the middle of an answer. */
    CUT_BODY,
    /** An answer that ends in the middle and is as long as it says. */
    SHORT_BODY,
    /** A connection that ends without an answer. */
    NO_ANSWER,
    /** 401 and a token that is void from now on. */
    EXPIRED_TOKEN,
    /** {@code /api/info} without some of what is there: always the same ones, as many as the share says. */
    DROPPED_IDS,
    /** {@code morechildren} without some of the comments asked for, and without a word of them: always the same ones. */
    DROPPED_CHILDREN,
    /** Something else than what was asked for. */
    WRONG_THING,
    /** An answer without rate headers. */
    NO_RATE_HEADERS,
    /** Rate headers that are whole numbers. */
    WHOLE_RATE_HEADERS
}
