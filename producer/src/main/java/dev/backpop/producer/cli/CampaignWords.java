package dev.backpop.producer.cli;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.RowReason;
import dev.backpop.ledger.DriverLock;
import dev.backpop.ledger.Ledger;
import dev.backpop.producer.text.Quantities;
import dev.backpop.producer.text.Text;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What commands say of campaigns in the same words. */
final class CampaignWords {
    private CampaignWords() {}

    /** {@code running}, {@code running, held: the legacy store does not answer}, {@code paused}. */
    static String state(Campaign campaign) {
        String hold = campaign.holdReason();
        return campaign.state().word() + (hold == null ? "" : ", held: " + hold);
    }

    /** {@code 3m 05s}; nothing is younger than now, whatever the two clocks say. */
    static String age(Instant since, Clock clock) {
        Duration age = Duration.between(since, clock.instant());
        return Quantities.duration(age.isNegative() ? Duration.ZERO : age);
    }

    /** {@code 1 chunk}, {@code 12,345 chunks}. */
    static String counted(long count, String what) {
        return Quantities.count(count) + " " + what + (count == 1 ? "" : "s");
    }

    /** True when a process drives the campaign: asks for the right to, and gives it back at once. */
    static boolean driven(Ledger ledger, String id) {
        Optional<DriverLock> lock = ledger.tryDrive(id);
        lock.ifPresent(DriverLock::close);
        return lock.isEmpty();
    }

    /** Why keys came to no row, how many, and one of them. */
    static String reason(RowReason reason) {
        return Quantities.count(reason.rows()) + ": " + Text.printable(reason.reason()) + " (such as "
                + reason.example() + ")";
    }
}
