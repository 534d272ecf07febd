package dev.backpop.producer.chaos;

import java.util.Locale;

/**
 * What an attack came to.
 *
 * @param attack in words
 * @param secondsToRecover from the blow until the first chunk that began after the damage was over is committed; of a
 *     SIGKILL, until the killed worker's chunks run elsewhere; negative where the attack is none that stops work
 * @param redelivered leases beyond the first of a chunk, as seen in Redis every 50 ms: a chunk that is leased and settled
 *     between two looks is missed
 * @param lost rows that the undisturbed run has and this one has not, or has otherwise
 * @param countedTwice keys that the ledger or Redis accounts for beyond those of the undisturbed run
 */
record Outcome(String attack, double secondsToRecover, long redelivered, long lost, long countedTwice) {
    private static final String FORM = "%-84s %9s %11s %6s %8s";

    static String heading() {
        return String.format(Locale.ROOT, FORM, "attack", "recovery", "redelivered", "lost", "twice");
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                FORM,
                attack,
                secondsToRecover < 0 ? "-" : String.format(Locale.ROOT, "%.1f s", secondsToRecover),
                redelivered,
                lost,
                countedTwice);
    }
}
