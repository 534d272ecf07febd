package dev.backpop.ledger;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignSettings;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.ChunkState;
import dev.backpop.campaign.Counters;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.campaign.Reject;
import dev.backpop.campaign.RowReason;
import dev.backpop.campaign.Sighting;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.StoreUnreachableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The truth about every campaign, in schema {@code backpop} of the target database. Keys go in and come out as JSON array
 * text; PostgreSQL writes them its own way ({@code ["a", 17]}), so compare them parsed.
 *
 * <p>Thread-safe. Every method is one transaction that is committed when it returns, but for the static ones, which are part
 * of the caller's transaction: a chunk's rows, rejects and result commit together or not at all. All methods throw
 * {@link StoreUnreachableException} when the database cannot be reached or the connection breaks; what was asked may then
 * have been done or not.
 */
public final class Ledger {
    private final DataSource target;
    private final CampaignTable campaigns;
    private final ChunkTable chunks;
    private final RejectTable rejects;
    private final DiscrepancyTable discrepancies;
    private final ReplayTable replays;
    private final ClosingTable closing;
    private final PendingTable pending;
    private final ToleratedTable tolerated;
    private final ReasonTable reasons;
    private final CheckTable checks;
    private final CauseTable causes;
    private final ReportTable reports;
    private final SignOffTable signOffs;
    private final LedgerDatabase database;

    private Ledger(DataSource target) {
        this(target, new LedgerDatabase(target));
    }

    private Ledger(DataSource target, LedgerDatabase database) {
        this.target = target;
        this.database = database;
        this.campaigns = new CampaignTable(database);
        this.chunks = new ChunkTable(database);
        this.rejects = new RejectTable(database);
        this.discrepancies = new DiscrepancyTable(database);
        this.replays = new ReplayTable(database);
        this.closing = new ClosingTable(database);
        this.pending = new PendingTable(database);
        this.tolerated = new ToleratedTable(database);
        this.reasons = new ReasonTable(database);
        this.checks = new CheckTable(database);
        this.causes = new CauseTable(database);
        this.reports = new ReportTable(database);
        this.signOffs = new SignOffTable(database);
    }

    /**
     * The ledger of a database, created or upgraded when need be. Any number of processes may do this at once. Takes up to
     * four connections at a time while it creates or upgrades, one otherwise.
     *
     * @throws StoreUnreachableException when there is no connection, or the server is read-only
     * @throws InvalidInputException when the user lacks a right, or the server is older than PostgreSQL 13
     */
    public static Ledger open(DataSource target) {
        LedgerSchema.migrate(target);
        return new Ledger(target);
    }

    /** The ledger of a database that has one; creates nothing. */
    public static Optional<Ledger> openExisting(DataSource target) {
        return LedgerSchema.exists(target) ? Optional.of(new Ledger(target)) : Optional.empty();
    }

    // Campaigns

    /**
     * Creates a campaign in state planned.
     *
     * @throws CampaignConflictException when the plan's entity has an active campaign
     * @throws InvalidInputException when the id is taken
     */
    public Campaign create(NewCampaign campaign) {
        return campaigns.create(campaign, null);
    }

    /**
     * Creates a campaign of these chunks and no others, both or neither.
     *
     * @throws CampaignConflictException when the plan's entity has an active campaign
     * @throws InvalidInputException when the id is taken
     */
    public Campaign create(NewCampaign campaign, List<NewChunk> listed) {
        return campaigns.create(campaign, listed);
    }

    public Optional<Campaign> find(String id) {
        return campaigns.find(id);
    }

    /** Newest first. */
    public List<Campaign> list(boolean activeOnly, int limit) {
        return campaigns.list(activeOnly, limit);
    }

    /**
     * Moves a campaign to another state, and clears its hold; does nothing when it is there already.
     *
     * @param reason replaces the last one; null clears it
     * @throws InvalidInputException when the campaign is not there, or may not become that from its present state
     * @throws CampaignConflictException when it would be a second active campaign of its entity
     */
    public Campaign transition(String id, CampaignState next, @Nullable String reason) {
        return campaigns.transition(id, next, reason);
    }

    /**
     * Completes a campaign, with a remark or none, unless a chunk of it is planned or failed.
     *
     * @return empty when one is, and nothing was changed
     * @throws InvalidInputException when the campaign is not there, or may not be completed from its present state
     */
    public Optional<Campaign> complete(String id, @Nullable String remark) {
        return campaigns.complete(id, remark);
    }

    /** Says why a running campaign waits; null that it does not. Does nothing for one that is not running. */
    public void hold(String id, @Nullable String reason) {
        campaigns.hold(id, reason);
    }

    /**
     * Says that a running campaign waits for the target's health; null that it does not. Beside {@link #hold} and apart from
     * it, so that neither ends the other: {@link Campaign#holdReason} has both.
     *
     * @param replace whether another reason gives way to this one
     */
    public void holdForHealth(String id, @Nullable String reason, boolean replace) {
        campaigns.holdForHealth(id, reason, replace);
    }

    /**
     * Changes settings of a campaign that has not ended, one caller at a time.
     *
     * @return the campaign as it is then
     * @throws InvalidInputException when it has ended or is not there, or what the change throws
     */
    public Campaign set(String id, UnaryOperator<CampaignSettings> change) {
        return campaigns.set(id, change);
    }

    /**
     * Keeps the upper key bound, once.
     *
     * @param keyUpper null when there are no keys
     * @throws PlannedElsewhereException when another bound is kept already
     */
    public void freezeUpper(String id, @Nullable String keyUpper) {
        campaigns.freezeUpper(id, keyUpper);
    }

    /** The right to drive a campaign, on a connection of its own; empty while another process has it. */
    public Optional<DriverLock> tryDrive(String id) {
        return DriverLock.tryTake(target, id);
    }

    // Planning and driving

    /**
     * Appends planned chunks and moves the plan's cursor, both or neither.
     *
     * @param expectedCursor where the caller believes that planning stands; null for the beginning
     * @param cursor where it stands afterwards
     * @param planDone true when these are the last
     * @return the first one's number; the others follow it
     * @throws PlannedElsewhereException when planning stands elsewhere, or is done: another driver was there
     */
    public int appendChunks(
            String id,
            @Nullable String expectedCursor,
            List<NewChunk> chunks,
            @Nullable String cursor,
            boolean planDone) {
        return this.chunks.append(id, expectedCursor, chunks, cursor, planDone);
    }

    public Optional<Chunk> chunk(String id, int chunkNo) {
        return chunks.find(id, chunkNo);
    }

    /** The first planned chunks, by number. */
    public List<Chunk> plannedChunks(String id, int limit) {
        return chunks.planned(id, 0, limit);
    }

    /** Planned chunks with higher numbers than the given one, by number: for going through all of them in pages. */
    public List<Chunk> plannedChunksAfter(String id, int chunkNo, int limit) {
        return chunks.planned(id, chunkNo, limit);
    }

    /** In order. */
    public List<Integer> chunkNumbers(String id, ChunkState state) {
        return chunks.numbers(id, state);
    }

    /**
     * Counts a run that failed, while the chunk is planned.
     *
     * @return how many have failed; for a chunk that is not planned any more, what it says without this one
     */
    public int recordAttempt(String id, int chunkNo, String worker, String error) {
        return chunks.recordAttempt(id, chunkNo, worker, error);
    }

    /** Gives a planned chunk up; false when it is not planned. */
    public boolean failChunk(String id, int chunkNo, String error) {
        return chunks.fail(id, chunkNo, error);
    }

    /**
     * Puts parts in the place of a planned chunk that was too large to be run, both or neither. Nothing is done to a chunk
     * that is not planned any more, or that a transaction is writing just now.
     *
     * @param runTime how long it was tried
     * @param reason what the run ended with
     * @param parts at least two, with the chunk's keys and as many of them; ranges lie end to end
     * @return the first part's number, the others follow it; empty when nothing was done
     */
    public Optional<Integer> splitChunk(
            String id, int chunkNo, String worker, Duration runTime, String reason, List<NewChunk> parts) {
        return chunks.split(id, chunkNo, worker, runTime, reason, parts);
    }

    /** Plans failed chunks again, with no attempts behind them; their numbers, in order. */
    public List<Integer> replanFailed(String id) {
        return chunks.replanFailed(id);
    }

    /** Where the chunks stand, of one snapshot. Reads every chunk of the campaign. */
    public Totals totals(String id) {
        return chunks.totals(id);
    }

    /** What failed chunks ended with, commonest first. */
    public List<ChunkErrorGroup> chunkErrorGroups(String id, int limit) {
        return chunks.errorGroups(id, limit);
    }

    /** What the chunks that were done or split last took, newest first. */
    public List<ChunkTime> recentChunkTimes(String id, int count) {
        return chunks.recentTimes(id, count);
    }

    // Other passes

    /**
     * Plans another try of every reject, deferred ones too, that no planned chunk has yet.
     *
     * @return how many chunks were planned
     */
    public int planReplays(String id) {
        return replays.planAll(id);
    }

    /**
     * Plans another try of what a foreign key deferred and whose parent is there now.
     *
     * @param constraint the foreign key
     * @param parentIsThere SQL over the reject {@code r}, true when the row at {@code r.parent_key} is there
     * @param givenUpToo also what was rejected since because its parent would not come
     * @return how many chunks were planned
     */
    public int planArrived(String id, String constraint, String parentIsThere, boolean givenUpToo) {
        return replays.planArrived(id, constraint, parentIsThere, givenUpToo);
    }

    /** Whether there is anything that {@link #planArrived} would try again, what was given up too. */
    public boolean hasArrived(String id, String constraint, String parentIsThere) {
        return replays.arrived(id, constraint, parentIsThere);
    }

    /** The campaigns of a plan that have deferred rows, or rejects whose parent would not come, oldest first. */
    public List<String> campaignsWithDeferredRows(String plan) {
        return replays.campaigns(plan);
    }

    /** Plans one more try of deferred rows of whose parents the key is not known; how many chunks were planned. */
    public int planUntold(String id) {
        return replays.planUntold(id);
    }

    /** The keys that a replay's chunk is still to try, in no order. */
    public List<String> replayKeys(String id, int chunkNo) {
        return replays.keys(id, chunkNo);
    }

    /** How many rejects of a campaign stand where; every state, zero included. */
    public Map<RejectState, Long> rejectCounts(String id) {
        return replays.counts(id);
    }

    /** How many rejects of the closing sweep are not resolved; they are in no count of the campaign. */
    public long closingRejects(String id) {
        return replays.closing(id);
    }

    /**
     * Parents that deferred rows wait for, in a fixed order, in pages.
     *
     * @param after the last one of the page before; null to start
     */
    public List<DeferredParent> deferredParents(String id, @Nullable DeferredParent after, int limit) {
        return replays.parents(id, after, limit);
    }

    /**
     * Rejects what waits for these parents, for they will not come.
     *
     * @param parentKeys as {@link DeferredParent#key} gives them
     * @param message why; {@code %key%} stands for the parent's key
     * @return how many rows were rejected
     */
    public long rejectDeferred(
            String id, String constraint, String table, Collection<String> parentKeys, String message) {
        return replays.giveUp(id, constraint, table, parentKeys, message);
    }

    /**
     * Rejects what waits for rows that are rejects themselves, and what waits for those in turn.
     *
     * @param rejectKey SQL over the reject {@code r}: the key, as JSON, under which the row at {@code r.parent_key} is a reject
     * @param entity that the parents are rows of, in the campaign's plan
     * @param own whether that is the campaign's own entity
     * @param message why; {@code %key%} stands for the parent's key and {@code %campaign%} for whose reject it is
     * @return how many rows were rejected
     */
    public long rejectBelowRejected(
            String id, String constraint, String table, String rejectKey, String entity, boolean own, String message) {
        return replays.giveUpBelow(id, constraint, table, rejectKey, entity, own, message);
    }

    /** True when there are chunks that are done and that the closing sweep has yet to look at. */
    public boolean hasUnclosedChunks(String id, int mostRounds) {
        return closing.open(id, mostRounds);
    }

    /** Plans a closing chunk over the keys of each of those; how many. */
    public int planClosing(String id, int mostRounds) {
        return closing.plan(id, mostRounds);
    }

    /**
     * What is pending of a verification, of what may be looked at once more.
     *
     * @param looks how often a discrepancy is looked at, at most
     */
    public Generation generation(String id, int looks) {
        return pending.generation(id, looks);
    }

    /** Plans another look at what is pending and no planned or failed chunk has; how many chunks. */
    public int planRechecks(String id, int looks) {
        return pending.plan(id, looks);
    }

    /** What a recheck's chunk is still to look at. */
    public List<PendingDiscrepancy> pending(String id, int chunkNo) {
        return pending.of(id, chunkNo);
    }

    /** Replaces what is known of a campaign as a whole. */
    public void keepChecks(String id, List<CampaignCheck> found) {
        checks.replace(id, found);
    }

    /** In how many chunks the last round of the closing sweep still wrote or removed rows; nobody looked there again. */
    public long unsettledChunks(String id, int mostRounds) {
        return closing.unsettled(id, mostRounds);
    }

    // Causes of rows that are on one side only; a discrepancy that has a cause keeps it, unless it says otherwise

    /**
     * Missing rows, a cause or none, that the backfill has deferred, so that they wait for their parent, or has rejected because
     * that would not come; how many.
     */
    public int explainDeferred(String id) {
        return causes.deferred(id);
    }

    /**
     * Missing and unexpected rows of the same content, where there is one of each: it stands under another key. The columns
     * of both discrepancies are those of the key, with both keys.
     *
     * @return how many discrepancies were explained
     */
    public int explainMoved(String id, List<String> keyColumns) {
        return causes.moved(id, keyColumns);
    }

    /**
     * Unexpected rows that are copies. The columns of the discrepancy are those of the key, with both keys.
     *
     * @param originals the original's key by the copy's, as JSON arrays
     * @return how many discrepancies were explained
     */
    public int explainCopies(String id, Map<String, String> originals, List<String> keyColumns) {
        return causes.copies(id, originals, keyColumns);
    }

    /** The first keys of discrepancies of a kind that are not resolved and have no cause, as JSON arrays. */
    public List<String> unexplained(String id, Discrepancy.Kind kind, int limit) {
        return causes.unexplained(id, kind, limit);
    }

    // A worker's transaction

    /**
     * Locks a chunk that is still to be done, until the transaction ends. A worker that is told false writes nothing: another
     * has done it. Waits for a worker that holds it, as long as the session's {@code lock_timeout} allows.
     */
    public static boolean lockPlanned(Connection transaction, String id, int chunkNo) throws SQLException {
        return ChunkResult.lockPlanned(transaction, id, chunkNo);
    }

    /**
     * Marks a chunk as done, with what came of it.
     *
     * @param startedAt when the run began, by the worker's clock
     * @param keyCount the keys that the run accounted for
     * @throws IllegalStateException when the chunk is not planned any more
     */
    public static void finishChunk(
            Connection transaction,
            String id,
            int chunkNo,
            String worker,
            Instant startedAt,
            long keyCount,
            Counters counters)
            throws SQLException {
        ChunkResult.finish(transaction, id, chunkNo, worker, startedAt, keyCount, counters);
    }

    /** Keeps rows that could not be written. What PostgreSQL cannot store of them is kept as its visible escape. */
    public static void addRejects(Connection transaction, String id, int chunkNo, String entity, List<Reject> rejects)
            throws SQLException {
        ChunkResult.addRejects(transaction, id, chunkNo, entity, rejects);
    }

    /** Those of the keys of which the campaign has a reject that is not resolved. */
    public static List<String> withOpenReject(Connection transaction, String id, List<String> keysJson)
            throws SQLException {
        return ChunkResult.withOpenReject(transaction, id, keysJson);
    }

    /**
     * Settles the rejects of a replay's chunk: those refused again stay, the others are resolved.
     *
     * @param refused what was refused this time, with what is known now
     */
    public static Settled settleReplay(Connection transaction, String id, int chunkNo, List<Reject> refused)
            throws SQLException {
        return ChunkResult.settle(transaction, id, chunkNo, refused);
    }

    /**
     * Keeps discrepancies: one a key and campaign, the last word on it, with when it was first seen and how often.
     *
     * @param chunkNo 0 for target rows outside every chunk
     * @param state pending, to be looked at again, or confirmed
     */
    public static void addDiscrepancies(
            Connection transaction,
            String id,
            int chunkNo,
            String entity,
            DiscrepancyState state,
            List<Sighting> sightings)
            throws SQLException {
        PendingTable.add(transaction, id, chunkNo, entity, state, sightings);
    }

    /** Takes back what an earlier run of a chunk, which did not come to its end, has kept of discrepancies. */
    public static void forgetDiscrepancies(Connection transaction, String id, int chunkNo) throws SQLException {
        PendingTable.forget(transaction, id, chunkNo);
    }

    /**
     * Settles pending discrepancies of a recheck's chunk.
     *
     * @throws IllegalStateException when one of them is not the chunk's, or not pending
     */
    public static void settleRecheck(Connection transaction, String id, int chunkNo, List<Relook> looks)
            throws SQLException {
        PendingTable.settle(transaction, id, chunkNo, looks);
    }

    /** Keeps how a verification looked at a chunk first. */
    public static void keepMethod(Connection transaction, String id, int chunkNo, String method) throws SQLException {
        ChunkResult.keepMethod(transaction, id, chunkNo, method);
    }

    /** Keeps why keys of a chunk came to no row, in the transaction of its result; a chunk's reasons once. */
    public static void addReasons(Connection transaction, String id, int chunkNo, List<RowReason> reasons)
            throws SQLException {
        ReasonTable.add(transaction, id, chunkNo, reasons);
    }

    /** Keeps how many of a chunk's rows differ in a column as far as the plan lets them. */
    public static void addTolerated(Connection transaction, String id, int chunkNo, Map<String, Long> rowsByColumn)
            throws SQLException {
        ToleratedTable.add(transaction, id, chunkNo, rowsByColumn);
    }

    // Reports

    /** Hands out rejects in the order in which they came, read through a cursor; {@code Integer.MAX_VALUE} for all. */
    public void rejects(String id, int limit, Consumer<StoredReject> consumer) {
        rejects.each(id, limit, consumer);
    }

    /** The commonest 200 causes of rejects, commonest first. */
    public List<RejectGroup> rejectGroups(String id) {
        return rejects.groups(id);
    }

    /**
     * Why keys were refused: the newest reject of each by any backfill or repair of the entity.
     *
     * @return messages by the key as it was given; keys that nobody refused are left out
     */
    public Map<String, String> rejectReasons(String plan, String entity, Collection<String> keysJson) {
        return rejects.reasons(plan, entity, keysJson);
    }

    /** Hands out discrepancies, resolved ones too, in the order in which they were found, read through a cursor. */
    public void discrepancies(String id, int limit, Consumer<StoredDiscrepancy> consumer) {
        discrepancies.each(id, DiscrepancyState.ALL, limit, consumer);
    }

    /** As {@link #discrepancies(String, int, Consumer)}, of those in one state. */
    public void discrepancies(String id, DiscrepancyState state, int limit, Consumer<StoredDiscrepancy> consumer) {
        discrepancies.each(id, Set.of(state), limit, consumer);
    }

    /** What is known of a campaign as a whole, by name and subject. */
    public List<CampaignCheck> checks(String id) {
        return checks.of(id);
    }

    /** Why keys came to no row and to no reject, the most frequent reasons first. */
    public List<RowReason> rowReasons(String id) {
        return reasons.all(id);
    }

    /** How many rows differ as far as the plan lets them, by column; columns without any are left out. */
    public Map<String, Long> toleratedRows(String id) {
        return tolerated.rows(id);
    }

    /** Discrepancies that are not resolved; every kind, zero included. */
    public Map<Discrepancy.Kind, Long> discrepancyCounts(String id) {
        return discrepancies.counts(id, DiscrepancyState.OPEN);
    }

    /** Discrepancies in one state; every kind, zero included. */
    public Map<Discrepancy.Kind, Long> discrepancyCounts(String id, DiscrepancyState state) {
        return discrepancies.counts(id, Set.of(state));
    }

    /** The keys of confirmed discrepancies of these kinds, as JSON arrays, in the order in which they were found. */
    public List<String> confirmedKeys(String id, Set<Discrepancy.Kind> kinds, int limit) {
        return discrepancies.confirmedKeys(id, kinds, limit);
    }

    /**
     * Resolves those discrepancies whose keys another verification has looked at and found in order.
     *
     * @param againId a campaign over listed keys
     * @return how many were resolved
     */
    public int resolveDiscrepancies(String id, String againId) {
        return discrepancies.resolve(id, againId);
    }

    /** The commonest 200 groups of discrepancies that are not resolved, commonest first. */
    public List<DiscrepancyGroup> discrepancyGroups(String id) {
        return discrepancies.open(id);
    }

    /** As {@link #discrepancyGroups}, of those only that are confirmed. */
    public List<DiscrepancyGroup> confirmedGroups(String id, int limit) {
        return discrepancies.confirmed(id, limit);
    }

    /** How many discrepancies stand where; every state and kind, zero included. */
    public Map<DiscrepancyState, Map<Discrepancy.Kind, Long>> discrepancyStates(String id) {
        return reports.discrepancyStates(id);
    }

    /** Discrepancies that are still pending, those that were looked at most often first. */
    public List<StoredDiscrepancy> busiest(String id, int limit) {
        return discrepancies.busiest(id, limit);
    }

    /** How often each column differs for each cause, over the confirmed discrepancies, commonest first. */
    public List<ColumnCause> columnCauses(String id) {
        return reports.columnCauses(id);
    }

    /** The commonest causes of rejects of all backfills and repairs of an entity that are not resolved, by campaign. */
    public List<EntityRejects> entityRejects(String plan, String entity, int limit) {
        return reports.entityRejects(plan, entity, limit);
    }

    /** How many keys of a verification were looked at first by each method, most first. */
    public Map<String, Long> methods(String id) {
        return reports.methods(id);
    }

    /** What the chunks that are done took. */
    public ChunkTimes chunkTimes(String id) {
        return reports.chunkTimes(id);
    }

    /**
     * Asks several things of one snapshot: nothing that is committed meanwhile is seen. The ledger that is handed out reads,
     * for as long as the call, in the caller's thread, and whatever that asks of this one meanwhile belongs to the snapshot
     * too. Statements may take ten minutes each.
     */
    public <T> T snapshot(Function<Ledger, T> questions) {
        return database.snapshot(same -> questions.apply(new Ledger(target, same)));
    }

    // Sign-offs

    /**
     * Keeps that somebody vouches for a verification; whether it may be is the caller's to know.
     *
     * @param note null for none
     * @param tolerated the words of the kinds of faults that are let pass
     * @param verdict what is signed, as JSON
     */
    public SignOff signOff(String id, String signedBy, @Nullable String note, List<String> tolerated, String verdict) {
        return signOffs.add(id, signedBy, note, tolerated, verdict);
    }

    /** The newest sign-off of a campaign, whether it still holds or not. */
    public Optional<SignOff> lastSignOff(String id) {
        return signOffs.last(id);
    }

    /** What may have written to a verification's entity since it began, by plan and entity. */
    public LaterWrites writesSince(String id) {
        return signOffs.writesSince(id);
    }
}
