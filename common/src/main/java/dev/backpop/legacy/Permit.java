package dev.backpop.legacy;

/** The permission to send one request. For one thread. */
public interface Permit {
    /**
     * Says what came of the request, at once when it is known. To be called once; a permit of which nothing is said counts as
     * a request under way until it has taken the longest that one may take.
     */
    void answered(RequestResult result);
}
