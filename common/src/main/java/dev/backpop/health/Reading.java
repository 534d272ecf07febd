package dev.backpop.health;

import dev.backpop.plan.HoldThreshold;

/** What one look at the target found for one threshold of one campaign. */
public sealed interface Reading {
    HoldThreshold threshold();

    /**
     * A measured one.
     *
     * @param share of the threshold: over 1 it is time to hold; infinite where a yes or no says so
     * @param found in words, such as {@code the replica "a" lags 7.2 s}
     * @param bound what it is when it is over, such as {@code more than 5s}; empty where it needs no more words
     * @param wayOn the setting that would let the campaign go on, such as {@code replica_lag=15s}
     */
    record Known(HoldThreshold threshold, double share, String found, String bound, String wayOn) implements Reading {
        public boolean over() {
            return share > 1;
        }
    }

    /**
     * One that could not be measured, which never holds anything.
     *
     * @param why and, where something can be done about it, what
     */
    record Unknown(HoldThreshold threshold, String why) implements Reading {}
}
