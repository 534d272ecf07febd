package dev.backpop.standin;

/** What became of a generated thing. */
enum ThingState {
    SHOWN,
    /** Its author took it back. */
    DELETED,
    /** A moderator took it out. */
    REMOVED,
    /** The spam filter took it out. */
    SPAM;

    /** Two of a hundred deleted, two removed, one spam. */
    static ThingState of(double draw) {
        if (draw < 0.02) {
            return DELETED;
        }
        if (draw < 0.04) {
            return REMOVED;
        }
        return draw < 0.05 ? SPAM : SHOWN;
    }
}
