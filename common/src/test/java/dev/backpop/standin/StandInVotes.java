package dev.backpop.standin;

import org.jspecify.annotations.Nullable;

/** What people think of things, as the function of a stand-in server has it. */
public final class StandInVotes {
    private StandInVotes() {}

    /** @param kind {@code t3} or {@code t1} */
    public static @Nullable Boolean likes(GeneratedThings things, String user, String kind, long id) {
        return things.likes(user, new Fullname(kind, id), null);
    }

    /** Whether lists have it, and {@code /api/info}. */
    public static boolean isListed(GeneratedThings things, String kind, long id) {
        return things.isListed(new Fullname(kind, id));
    }
}
