package dev.backpop.stores;

import dev.backpop.compare.RuleFit;
import dev.backpop.legacy.Legacy;
import dev.backpop.legacy.LegacyAccess;
import dev.backpop.legacy.OwnAccess;
import dev.backpop.legacy.file.FileLegacy;
import dev.backpop.legacy.jdbc.JdbcLegacy;
import dev.backpop.legacy.reddit.RedditLegacy;
import dev.backpop.legacy.reddit.api.RedditClient;
import dev.backpop.plan.Entity;
import dev.backpop.plan.LegacySource;
import dev.backpop.plan.Plan;
import dev.backpop.postgres.PostgresPool;
import dev.backpop.postgres.SqlFailure;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.Problem;
import dev.backpop.row.RowShape;
import dev.backpop.target.TargetCatalogue;
import dev.backpop.target.TargetTable;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/**
 * The legacy store of a plan, opened, beside the target that somebody else opened. Thread-safe; closing it closes the
 * legacy store alone.
 */
public final class PlanStores implements AutoCloseable {
    private static final String NO_RIGHT = "42501";

    private final Legacy legacy;
    private final PostgresPool target;

    private PlanStores(Legacy legacy, PostgresPool target) {
        this.legacy = legacy;
        this.target = target;
    }

    /**
     * Opens the legacy store of a plan for a process by itself, as {@link OwnAccess} says; nothing connects yet.
     *
     * @param role who reads, shown to the legacy database
     * @param sessions how many connections to the legacy store at most
     */
    public static PlanStores open(Plan plan, PostgresPool target, String role, int sessions) {
        return open(plan, target, role, sessions, new OwnAccess(System::nanoTime));
    }

    /**
     * As the other, for one of many processes.
     *
     * @param access what they share of a legacy store that must not be asked too much
     */
    public static PlanStores open(Plan plan, PostgresPool target, String role, int sessions, LegacyAccess access) {
        return new PlanStores(legacy(plan.legacy(), role, sessions, access), target);
    }

    private static Legacy legacy(LegacySource source, String role, int sessions, LegacyAccess access) {
        if (source instanceof LegacySource.Jdbc jdbc) {
            return new JdbcLegacy(jdbc, role, sessions);
        }
        if (source instanceof LegacySource.Files files) {
            return new FileLegacy(files, scratchFolder());
        }
        LegacySource.Reddit reddit = (LegacySource.Reddit) source;
        return new RedditLegacy(reddit, RedditClient.of(reddit, access), scratchFolder());
    }

    /** Where sorted copies of files are kept, and answers while their chunk is worked on; shared by the processes of one user on one machine. */
    private static Path scratchFolder() {
        String user = System.getProperty("user.name", "nobody").toLowerCase(Locale.ROOT);
        return Path.of(System.getProperty("java.io.tmpdir"), "backpop-files-" + user);
    }

    public Legacy legacy() {
        return legacy;
    }

    /**
     * Opens one entity on both sides.
     *
     * @throws InvalidInputException when the entity does not fit its stores, with every problem
     * @throws dev.backpop.problem.StoreUnreachableException when the target cannot be reached
     * @throws dev.backpop.legacy.LegacyUnavailableException when the legacy store cannot be reached
     */
    public EntityStores entity(Entity entity) {
        TargetTable table = table(target, entity);
        RowShape shape = table.shape(entity, legacy::encodes);
        List<Problem> rules = RuleFit.problems(entity, shape);
        if (!rules.isEmpty()) {
            throw new InvalidInputException(rules);
        }
        return new EntityStores(entity, table, shape, legacy.entity(entity, shape));
    }

    /**
     * The target table of an entity; no legacy store is needed.
     *
     * @throws InvalidInputException when there is no such table
     * @throws dev.backpop.problem.StoreUnreachableException when the target cannot be reached
     */
    public static TargetTable table(PostgresPool target, Entity entity) {
        String place = "entities." + entity.name() + ".into.table";
        try (Connection connection = target.connection()) {
            return TargetCatalogue.table(connection, entity.into().table())
                    .orElseThrow(() -> new InvalidInputException(List.of(new Problem(
                            place,
                            "the target has no table '" + entity.into().table() + "' that this user may see: create it,"
                                    + " or correct the name, its schema and upper case"))));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(List.of(new Problem(place, String.valueOf(e.getMessage()))));
        } catch (SQLException e) {
            if (NO_RIGHT.equals(SqlFailure.root(e).getSQLState())) {
                throw new InvalidInputException(
                        List.of(new Problem(place, "the target says: " + SqlFailure.message(e))));
            }
            throw target.unreachable(e);
        }
    }

    @Override
    public void close() {
        legacy.close();
    }
}
