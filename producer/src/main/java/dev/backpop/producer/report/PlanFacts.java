package dev.backpop.producer.report;

import dev.backpop.campaign.Campaign;
import dev.backpop.plan.Entity;
import dev.backpop.plan.From;
import dev.backpop.plan.LegacySource;
import dev.backpop.plan.Plan;
import dev.backpop.plan.PlanReader;
import dev.backpop.postgres.PostgresAddress;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.settings.Environment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a campaign's plan says of its entity, without secrets.
 *
 * @param entity null when the plan cannot be read at all
 * @param legacy where rows come from
 * @param problem what is not known here, and why; null when everything is
 */
record PlanFacts(
        @Nullable Entity entity, String legacy, @Nullable String problem) {
    /** Stands in for variables that this process has not: rules can be told without the store's address. */
    private static final String STAND_IN = "postgresql://unknown/unknown";

    private static final int LONGEST_QUERY = 200;

    static PlanFacts of(Campaign campaign, Environment environment) {
        try {
            return of(read(campaign, environment), campaign, null);
        } catch (InvalidInputException e) {
            String problem = "the legacy store's address is not known here: " + e.getMessage();
            try {
                return of(read(campaign, withStandIns(environment)), campaign, problem);
            } catch (InvalidInputException again) {
                return new PlanFacts(null, "not known", "the plan cannot be read here: " + again.getMessage());
            }
        }
    }

    private static Environment withStandIns(Environment environment) {
        return new Environment(name -> {
            String value = environment.raw(name);
            boolean elsewhere = name.endsWith("_FILE") || environment.raw(name + "_FILE") != null;
            return value == null && !elsewhere ? STAND_IN : value;
        });
    }

    private static Plan read(Campaign campaign, Environment environment) {
        return new PlanReader(environment)
                .read(
                        campaign.spec().planText(),
                        campaign.plan(),
                        Path.of(campaign.spec().planDirectory()));
    }

    private static PlanFacts of(Plan plan, Campaign campaign, @Nullable String problem) {
        Entity entity = plan.entity(campaign.entity()).orElse(null);
        if (entity == null) {
            return new PlanFacts(null, "not known", "the plan has no entity " + campaign.entity());
        }
        String store = problem != null ? "" : store(plan.legacy());
        return new PlanFacts(entity, from(entity.from()) + (store.isEmpty() ? "" : " in " + store), problem);
    }

    private static String from(From from) {
        if (from instanceof From.Table table) {
            return "table " + table.table() + (table.where() == null ? "" : " where " + table.where());
        }
        if (from instanceof From.Query query) {
            String sql = query.query().strip().replaceAll("\\s+", " ");
            return "query " + (sql.length() > LONGEST_QUERY ? sql.substring(0, LONGEST_QUERY) + "…" : sql);
        }
        if (from instanceof From.Things things) {
            return things.thing().word();
        }
        return "file " + ((From.Records) from).file();
    }

    private static String store(LegacySource source) {
        if (source instanceof LegacySource.Jdbc jdbc) {
            // Without what follows the database: parameters may hold a password.
            return PostgresAddress.parse("legacy", jdbc.url(), jdbc.user(), jdbc.password())
                    .display();
        }
        return source instanceof LegacySource.Reddit reddit
                ? String.valueOf(reddit.url())
                : String.valueOf(((LegacySource.Files) source).directory());
    }
}
