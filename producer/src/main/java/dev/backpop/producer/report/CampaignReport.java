package dev.backpop.producer.report;

import dev.backpop.campaign.CampaignKind;
import dev.backpop.campaign.CampaignState;
import dev.backpop.campaign.Discrepancy;
import dev.backpop.campaign.Reject;
import dev.backpop.campaign.RowReason;
import dev.backpop.ledger.CampaignCheck;
import dev.backpop.ledger.ChunkErrorGroup;
import dev.backpop.ledger.RejectState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Everything that a campaign has to say for itself, of one moment and of bounded size: lists hold the commonest, and say
 * what they leave out. Holds values of rows, but no secret of a plan or a setting.
 *
 * @param asOf the ledger's clock
 * @param legacy where the rows come from; where the store is, as far as this process knows
 * @param method how rows were compared
 * @param bound what a sample proves; null where the campaign is about no sample
 * @param planProblem what could not be told because the plan cannot be read here; null when all could
 * @param reasons why keys came to no row and to no reject, the commonest
 * @param keysOfOtherCauses keys whose cause is none of those listed
 */
public record CampaignReport(
        String id,
        String plan,
        String entity,
        CampaignKind kind,
        CampaignState state,
        Verdict verdict,
        @Nullable SignOffDocument signOff,
        String legacy,
        String target,
        String createdBy,
        Instant asOf,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable String reason,
        @Nullable String method,
        Coverage coverage,
        String coverageText,
        @Nullable String bound,
        @Nullable String planProblem,
        Sum sum,
        List<Fault> faults,
        List<Cause> causes,
        long keysOfOtherCauses,
        List<Column> columns,
        List<Rejects> rejects,
        List<RowReason> reasons,
        long busy,
        List<Busy> busiest,
        List<CampaignCheck> checks,
        List<ChunkErrorGroup> chunkErrors,
        Timings timings) {
    /** The sum by which every key is accounted for. */
    public record Sum(
            long enumerated, boolean addsUp, String text, List<Term> terms, long unexpected, long keysNotDone) {}

    /** One term of it, by its word. */
    public record Term(String word, long rows) {}

    /**
     * Discrepancies of one kind, in the same columns, for the same causes.
     *
     * @param cause the row's; null for none
     * @param examples the first and the last
     */
    public record Cause(
            Discrepancy.Kind kind,
            List<ColumnCause> columns,
            @Nullable String cause,
            long keys,
            List<Example> examples) {}

    /** @param cause null where none is known */
    public record ColumnCause(String column, @Nullable String cause) {}

    /** One key, with both values of what differs. */
    public record Example(@Nullable JsonNode key, @Nullable String cause, List<Discrepancy.Difference> columns) {}

    /**
     * One mapped column.
     *
     * @param rule how it is compared; null when the plan cannot be read here
     * @param ignored why it is not compared; null when it is
     * @param compared rows of which both sides were compared in it
     * @param differing rows that differ in it
     * @param tolerated rows that differ in it as far as the rule lets them
     * @param causes why they differ, commonest first
     */
    public record Column(
            String name,
            @Nullable String rule,
            @Nullable String ignored,
            long compared,
            long differing,
            long tolerated,
            List<CauseCount> causes) {}

    /** @param cause null where none is known */
    public record CauseCount(@Nullable String cause, long rows) {}

    /** Rejects of one cause and campaign. */
    public record Rejects(
            String campaign,
            RejectState state,
            Reject.Stage stage,
            @Nullable String sqlstate,
            @Nullable String at,
            long rows,
            @Nullable JsonNode exampleKey,
            String exampleMessage) {}

    /** A row that changed at every look, or is still to be looked at. */
    public record Busy(@Nullable JsonNode key, Discrepancy.Kind kind, int looks, List<String> columns) {}

    /**
     * How long it took.
     *
     * @param millis from start to end, pauses and holds included; null before it starts
     * @param rowsPerSecond keys that are done over that time; null before it starts
     */
    public record Timings(
            @Nullable Long millis,
            @Nullable Double rowsPerSecond,
            long chunks,
            long workers,
            long chunkMillis,
            @Nullable Long medianChunkMillis,
            @Nullable Integer slowestChunk,
            @Nullable Long slowestChunkMillis,
            long slowestChunkKeys) {}
}
