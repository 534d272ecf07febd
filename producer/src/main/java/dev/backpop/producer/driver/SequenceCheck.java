package dev.backpop.producer.driver;

import dev.backpop.ledger.CampaignCheck;
import dev.backpop.ledger.CampaignCheck.State;
import dev.backpop.stores.EntityStores;
import dev.backpop.target.ColumnSequence;
import dev.backpop.target.SequenceCatalogue;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether the sequences of a target table are beyond the keys that were moved into it. Thread-safe. */
final class SequenceCheck {
    private static final String NAME = "sequence";

    private final TargetQuestions target;
    private final Clock clock;

    SequenceCheck(TargetQuestions target, Clock clock) {
        this.target = target;
        this.clock = clock;
    }

    List<CampaignCheck> run(EntityStores stores) {
        List<CampaignCheck> checks = new ArrayList<>();
        long margin = stores.entity().verification().sequenceMargin();
        try {
            for (ColumnSequence sequence :
                    target.ask(connection -> SequenceCatalogue.sequences(connection, stores.table()))) {
                checks.add(check(sequence, margin));
            }
        } catch (UntoldException e) {
            checks.add(check(stores.table().name(), State.UNKNOWN, "its sequences cannot be read: " + e.reason()));
        }
        return checks;
    }

    private CampaignCheck check(ColumnSequence sequence, long margin) {
        String subject = sequence.column() + " (" + sequence.sequence() + ")";
        try {
            ColumnSequence.Standing standing = target.ask(sequence::standing);
            String found = found(sequence, standing, margin);
            if (!sequence.isAhead(standing, margin)) {
                return check(
                        subject,
                        State.FAILED,
                        found + ": new rows would take keys that are there. Run: " + sequence.mend(margin));
            }
            if (sequence.isExhausted(standing)) {
                return check(
                        subject,
                        State.FAILED,
                        found + ", which is beyond its bounds: it gives no more values. Run: ALTER SEQUENCE "
                                + sequence.sequence() + (sequence.increment() > 0 ? " MAXVALUE" : " MINVALUE")
                                + " … with a bound that the column's type can hold");
            }
            return check(subject, State.PASSED, found);
        } catch (UntoldException e) {
            return check(
                    subject,
                    State.UNKNOWN,
                    "whether " + sequence.sequence() + " is beyond " + sequence.column() + " cannot be told: "
                            + e.reason());
        }
    }

    private static String found(ColumnSequence sequence, ColumnSequence.Standing standing, long margin) {
        String furthest = standing.furthest() == null
                ? "the table has no " + sequence.column()
                : String.format(
                        Locale.ROOT,
                        "the %s %s is %,d",
                        sequence.increment() > 0 ? "greatest" : "least",
                        sequence.column(),
                        standing.furthest());
        return String.format(
                Locale.ROOT,
                "%s and the next value of %s is %,d%s",
                furthest,
                sequence.sequence(),
                standing.next(),
                margin == 0 ? "" : String.format(Locale.ROOT, " (margin %,d)", margin));
    }

    private CampaignCheck check(String subject, State state, String message) {
        return new CampaignCheck(NAME, subject, state, message, clock.instant());
    }
}
