package dev.backpop.producer.driver;

import dev.backpop.campaign.Campaign;
import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Chunk;
import dev.backpop.campaign.ChunkState;
import dev.backpop.ledger.Ledger;
import dev.backpop.ledger.Totals;
import dev.backpop.legacy.LegacyAccess;
import dev.backpop.legacy.RequestLimit;
import dev.backpop.queue.Budget;
import dev.backpop.queue.CampaignView;
import dev.backpop.queue.Control;
import dev.backpop.queue.Heartbeats;
import dev.backpop.queue.Progress;
import dev.backpop.queue.RedisConnection;
import dev.backpop.queue.RedisKeys;
import dev.backpop.queue.SharedAccess;
import dev.backpop.queue.Task;
import dev.backpop.queue.TaskQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps what Redis holds of a campaign true to the ledger. Thread-safe as its parts are. */
public final class Dispatch {
    /** How long the keys of a campaign that has ended stay for people to look at. */
    private static final Duration KEPT = Duration.ofDays(7);

    /** The most tasks of a campaign in Redis; what is beyond them waits in the ledger. */
    static final int MOST_IN_WINDOW = 1_000;

    private static final int PAGE = 1_000;

    private final Ledger ledger;
    private final RedisConnection redis;
    private final RedisKeys keys;
    private final TaskQueue queue;
    private final Progress progress;
    private final CampaignView view;
    private final Heartbeats heartbeats;
    private final Control control;

    public Dispatch(Ledger ledger, RedisConnection redis, RedisKeys keys) {
        this.ledger = ledger;
        this.redis = redis;
        this.keys = keys;
        this.queue = new TaskQueue(redis, keys, TaskQueue.DEFAULT_LEASE);
        this.progress = new Progress(redis, keys);
        this.view = new CampaignView(redis, keys);
        this.heartbeats = new Heartbeats(redis, keys);
        this.control = new Control(redis, keys);
    }

    /** What the legacy stores of a campaign share with those of other processes. */
    public LegacyAccess access(CampaignKind kind) {
        return SharedAccess.of(redis, keys, kind);
    }

    /** The request budget of a legacy store. */
    public Budget budget(String store, RequestLimit limit) {
        return new Budget(redis, keys, store, limit);
    }

    public TaskQueue queue() {
        return queue;
    }

    public Progress progress() {
        return progress;
    }

    public CampaignView view() {
        return view;
    }

    public Heartbeats heartbeats() {
        return heartbeats;
    }

    /**
     * Shows the campaign as it stands. Where somebody has changed it since it was read, shows that: workers lease
     * by what is shown, and a driver that comes late with what it read must not undo a pause.
     *
     * @param estimate how many keys there may be; null to leave it as it is shown
     */
    public void publish(Campaign campaign, @Nullable Long estimate) {
        Map<String, String> shown = fields(campaign, estimate);
        view.publish(campaign.id(), shown, campaign.createdAt());
        Campaign now = ledger.find(campaign.id()).orElse(campaign);
        while (!fields(now, estimate).equals(shown)) {
            if (now.state().ended()) {
                retire(now);
                return;
            }
            shown = fields(now, estimate);
            view.publish(now.id(), shown, now.createdAt());
            now = ledger.find(campaign.id()).orElse(now);
        }
    }

    /** Tells workers to look now rather than at their next poll. */
    public void hint(String message) {
        control.publish(message);
    }

    /** As {@link #rebuild(Campaign, int)} with the largest window. */
    public int rebuild(Campaign campaign) {
        return rebuild(campaign, MOST_IN_WINDOW);
    }

    /**
     * Brings a campaign back that Redis has lost, or puts right what it shows: its state, its progress, and tasks for planned
     * chunks that have none.
     *
     * @param window how many tasks there may be; the rest of the chunks waits in the ledger
     * @return how many tasks were missing
     */
    public int rebuild(Campaign campaign, int window) {
        queue.ensureGroup(campaign.id());
        showProgress(campaign);
        publish(campaign, null);
        return enqueueMissing(campaign.id(), window);
    }

    /** Replaces the progress by the ledger's. */
    public Totals showProgress(Campaign campaign) {
        Totals totals = ledger.totals(campaign.id());
        progress.rebuild(
                campaign.id(),
                totals.counters(),
                totals.chunks(),
                totals.keys(),
                numbers(campaign.id(), ChunkState.DONE),
                numbers(campaign.id(), ChunkState.FAILED));
        return totals;
    }

    private BitSet numbers(String id, ChunkState state) {
        BitSet numbers = new BitSet();
        ledger.chunkNumbers(id, state).forEach(numbers::set);
        return numbers;
    }

    /**
     * Enqueues planned chunks that Redis does not have, the first ones first; one that is being done meanwhile may come
     * twice.
     *
     * @param window how many tasks there may be
     */
    public int enqueueMissing(String id, int window) {
        int missing = 0;
        int after = 0;
        List<Chunk> page = ledger.plannedChunksAfter(id, after, PAGE);
        Set<Integer> there = page.isEmpty() ? Set.of() : queue.chunks(id);
        while (!page.isEmpty()) {
            List<Task> tasks = new ArrayList<>();
            for (Chunk chunk : page) {
                after = chunk.chunkNo();
                if (!there.contains(chunk.chunkNo()) && there.size() + missing + tasks.size() < window) {
                    tasks.add(new Task(chunk.chunkNo(), chunk.keyCount()));
                }
            }
            queue.enqueue(id, tasks);
            missing += tasks.size();
            page = there.size() + missing < window ? ledger.plannedChunksAfter(id, after, PAGE) : List.of();
        }
        return missing;
    }

    /** Shows the final state and takes the campaign off the active ones. */
    public void retire(Campaign campaign) {
        if (campaign.state() == CampaignState.COMPLETED) {
            // A Redis that went back in time, or a worker that died after its commit, leaves entries of done chunks.
            queue.clear(campaign.id());
        }
        showProgress(campaign);
        view.retire(campaign.id(), fields(campaign, null), KEPT);
        hint(campaign.state().word() + " " + campaign.id());
    }

    /**
     * Retires the campaigns that Redis still lists although the ledger says that they have ended: a driver died between
     * the two. Campaigns that this ledger does not know are left alone.
     */
    public void retireEnded() {
        for (String id : view.active()) {
            ledger.find(id).filter(campaign -> campaign.state().ended()).ifPresent(this::retire);
        }
    }

    private static Map<String, String> fields(Campaign campaign, @Nullable Long estimate) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("plan", campaign.plan());
        fields.put("entity", campaign.entity());
        fields.put("kind", campaign.kind().word());
        fields.put("state", campaign.state().word());
        String hold = campaign.holdReason();
        fields.put("hold", hold == null ? "" : hold);
        String reason = campaign.reason();
        fields.put("reason", reason == null ? "" : reason);
        fields.put(
                "settings",
                campaign.settings().isEmpty() ? "" : campaign.settings().toJson());
        fields.put("created", campaign.createdAt().toString());
        var startedAt = campaign.startedAt();
        fields.put("started", startedAt == null ? "" : startedAt.toString());
        var finishedAt = campaign.finishedAt();
        fields.put("finished", finishedAt == null ? "" : finishedAt.toString());
        if (estimate != null) {
            fields.put("estimate", estimate.toString());
        }
        return fields;
    }
}
