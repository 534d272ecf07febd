package dev.backpop.campaign;

import dev.backpop.problem.InvalidInputException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Campaign ids: made up readable, and checked when a person gives one. */
public final class CampaignIds {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}");
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int LONGEST_ENTITY = 60;

    private CampaignIds() {}

    /**
     * A new id such as {@code post-backfill-20261122-1015-7f3a}; the time is UTC. Two of one minute differ in one of 65,536
     * endings, and the ledger refuses an id that is taken.
     */
    public static String next(String entity, CampaignKind kind, Clock clock, RandomGenerator random) {
        String name = entity.replaceAll("[^A-Za-z0-9_.-]", "-").replaceFirst("^[^A-Za-z0-9]+", "");
        if (name.isEmpty()) {
            name = "entity";
        }
        return name.substring(0, Math.min(name.length(), LONGEST_ENTITY))
                + "-"
                + kind.word()
                + "-"
                + MINUTE.format(clock.instant())
                + String.format(Locale.ROOT, "-%04x", random.nextInt(0x10000));
    }

    /**
     * The given id, when it may be one.
     *
     * @throws InvalidInputException when it may not: ids stand in Redis keys between braces, in file names and in URLs
     */
    public static String check(String id) {
        if (!ALLOWED.matcher(id).matches()) {
            throw new InvalidInputException("the campaign name \"" + id
                    + "\" cannot be used: give 1 to 100 letters (A-Z), digits, dots, hyphens and underscores,"
                    + " beginning with a letter or a digit");
        }
        return id;
    }
}
