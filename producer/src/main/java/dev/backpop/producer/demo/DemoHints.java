package dev.backpop.producer.demo;

import dev.backpop.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What the demo suggests to try next. */
final class DemoHints {
    private DemoHints() {}

    /** For when all that the demo started is gone in a moment. */
    static List<String> after(String options) {
        return List.of(
                "What to try next",
                "  deploy/backpop demo" + options + " --keep   the same, and the servers stay for you to look at",
                "  deploy/backpop demo" + options + " --rows N   more or less of it",
                "  deploy/backpop plan check PLAN       your own data: does your plan fit both stores?",
                "  deploy/backpop worker                start as many as you like, anywhere",
                "  deploy/backpop backfill PLAN         then deploy/backpop verify PLAN");
    }

    /**
     * For when the servers stay.
     *
     * @param backfill a campaign to ask about
     * @param verification likewise
     */
    static List<String> whileKept(
            DemoRequest request, DemoAddresses addresses, Path folder, DemoOutcome backfill, DemoOutcome verification) {
        Path plan = folder.resolve(request.scenario().plan() + "-plan.yaml");
        try {
            Files.writeString(plan, request.scenario().planText());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + plan, e);
        }
        Settings settings = addresses.settings();
        List<String> lines = new ArrayList<>();
        lines.add("What to try next, in another terminal; everything stays until you press Ctrl-C here");
        if (!request.redisGiven()) {
            lines.add("  export BACKPOP_REDIS_URL=" + settings.redisUrl());
        }
        if (!settings.redisPrefix().equals(Settings.DEFAULT_REDIS_PREFIX)) {
            lines.add("  export BACKPOP_REDIS_PREFIX=" + settings.redisPrefix());
        }
        if (!request.targetGiven()) {
            lines.add("  export BACKPOP_TARGET_URL=" + settings.targetUrl());
        }
        new TreeMap<>(addresses.legacyVariables()).forEach((name, value) -> {
            // A database that somebody gave is known, and its address may hold a password.
            if (!name.equals(DemoPlan.LEGACY_URL)
                    || !request.targetGiven()
                    || request.scenario().servesLegacy()) {
                lines.add("  export " + name + "=" + value);
            }
        });
        String prefix = settings.redisPrefix();
        String backfillId = backfill.campaign().id();
        lines.add("  deploy/backpop campaigns");
        lines.add("  deploy/backpop status " + backfillId);
        lines.add("  deploy/backpop rejects " + backfillId);
        lines.add("  deploy/backpop discrepancies " + verification.campaign().id());
        lines.add("  deploy/backpop workers");
        lines.add("  deploy/backpop plan check " + plan);
        lines.add("  deploy/backpop backfill " + plan + "   again: everything is unchanged now");
        lines.add("  redis-cli -u \"$BACKPOP_REDIS_URL\" hgetall '" + prefix + ":{" + backfillId + "}:progress'");
        lines.add("  psql \"$BACKPOP_TARGET_URL\" -c 'SELECT chunk_no, state, worker FROM backpop.chunk'");
        return lines;
    }
}
