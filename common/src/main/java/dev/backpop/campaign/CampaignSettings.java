package dev.backpop.campaign;

import dev.backpop.plan.DurationText;
import dev.backpop.plan.HoldThreshold;
import dev.backpop.plan.HoldThresholds;
import dev.backpop.plan.Spelling;
import dev.backpop.problem.InvalidInputException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code backpop set} has changed of a campaign; whatever is not in it is as the plan, or Backpop, has it. Immutable.
 * Kept as a JSON object of texts in the ledger and in Redis, where other builds read it: names are added, never renamed,
 * and what a build does not know it leaves alone.
 */
public final class CampaignSettings {
    /** How many chunks of the campaign run at a time, over all workers; no limit by default. */
    public static final String LANES = "lanes";
    /** How many rows a second are begun, over all workers; no limit by default. */
    public static final String RATE = "rate";
    /** How long a chunk should take. */
    public static final String CHUNK_TIME = "chunk_time";
    /** The value that goes back to what the plan, or Backpop, has. */
    public static final String DEFAULT = "default";

    public static final Duration DEFAULT_CHUNK_TIME = Duration.ofSeconds(1);
    public static final CampaignSettings NONE = new CampaignSettings(Map.of());

    private static final Duration LEAST_CHUNK_TIME = Duration.ofMillis(10);
    private static final Duration MOST_CHUNK_TIME = Duration.ofSeconds(30);

    private final Map<String, String> texts;

    private CampaignSettings(Map<String, String> texts) {
        this.texts = Collections.unmodifiableMap(new TreeMap<>(texts));
    }

    /** Every name that can be set, in the order of the documentation. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(List.of(LANES, RATE, CHUNK_TIME));
        names.addAll(HoldThreshold.words());
        return names;
    }

    /** What is in the ledger or in Redis; none for a text that is no JSON object, as somebody's own hand may leave it. */
    public static CampaignSettings ofJson(@Nullable String json) {
        if (json == null || json.isBlank()) {
            return NONE;
        }
        Map<String, String> texts = new TreeMap<>();
        try {
            JsonNode settings = JsonMapper.shared().readTree(json);
            settings.propertyStream().forEach(property -> {
                String name = property.getKey();
                String text = property.getValue().asString("");
                if (!names().contains(name) || problem(name, text) == null) {
                    texts.put(name, text);
                }
            });
        } catch (JacksonException e) {
            return NONE;
        }
        return new CampaignSettings(texts);
    }

    public String toJson() {
        return JsonMapper.shared().writeValueAsString(texts);
    }

    /**
     * The same with one of them changed.
     *
     * @param text {@link #DEFAULT} goes back to what the plan has, {@link HoldThreshold#OFF} switches off
     * @throws InvalidInputException for an unknown name, listing those that there are, or a value that it cannot have
     */
    public CampaignSettings with(String name, String text) {
        if (!names().contains(name)) {
            throw new InvalidInputException("there is no setting '" + name + "'"
                    + Spelling.nearest(name, names())
                            .map(meant -> "; did you mean '" + meant + "'?")
                            .orElse("")
                    + " There are: " + String.join(", ", names()));
        }
        Map<String, String> changed = new TreeMap<>(texts);
        boolean unlimited = text.equals(HoldThreshold.OFF) && (name.equals(LANES) || name.equals(RATE));
        if (text.equals(DEFAULT) || unlimited) {
            changed.remove(name);
            return new CampaignSettings(changed);
        }
        String problem = problem(name, text);
        if (problem != null) {
            boolean canBeOff = !name.equals(CHUNK_TIME);
            throw new InvalidInputException(name + "=" + text + ": " + problem
                    + (canBeOff ? "; null switches it off" : "") + "; default goes back to what it was");
        }
        changed.put(name, text);
        return new CampaignSettings(changed);
    }

    private static @Nullable String problem(String name, String text) {
        return switch (name) {
            case LANES ->
                number(text, 10_000)
                        ? null
                        : "expected a number of chunks from 1 to 10000 (to run none: backpop pause ID)";
            case RATE -> number(text, 1_000_000_000) ? null : "expected rows per second from 1 to 1000000000";
            case CHUNK_TIME ->
                DurationText.parse(text)
                                .filter(time -> time.compareTo(LEAST_CHUNK_TIME) >= 0)
                                .filter(time -> time.compareTo(MOST_CHUNK_TIME) <= 0)
                                .isPresent()
                        ? null
                        : "expected a time from 10ms to 30s such as 500ms";
            default ->
                HoldThreshold.ofWord(name)
                        .map(threshold -> threshold.problem(text))
                        .orElse(null);
        };
    }

    private static boolean number(String text, int most) {
        return text.matches("[0-9]{1,10}") && Long.parseLong(text) >= 1 && Long.parseLong(text) <= most;
    }

    public boolean isEmpty() {
        return texts.isEmpty();
    }

    /** What was changed, as it was typed, by name. */
    public Map<String, String> texts() {
        return texts;
    }

    /** The value that counts, as it is typed. */
    public String text(String name, HoldThresholds plan) {
        String changed = texts.get(name);
        return changed == null ? planned(name, plan) : changed;
    }

    /** The value that counts where nothing was changed. */
    public static String planned(String name, HoldThresholds plan) {
        if (name.equals(CHUNK_TIME)) {
            return DEFAULT_CHUNK_TIME.toSeconds() + "s";
        }
        return HoldThreshold.ofWord(name).map(plan::text).orElse(HoldThreshold.OFF);
    }

    public Duration chunkTime() {
        return Optional.ofNullable(texts.get(CHUNK_TIME))
                .flatMap(DurationText::parse)
                .orElse(DEFAULT_CHUNK_TIME);
    }

    /** Rows a second; empty for no limit. */
    public OptionalInt rate() {
        String rate = texts.get(RATE);
        return rate == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(rate));
    }

    /** The plan's thresholds with what was changed of them. */
    public HoldThresholds over(HoldThresholds plan) {
        HoldThresholds changed = plan;
        for (HoldThreshold threshold : HoldThreshold.values()) {
            String text = texts.get(threshold.word());
            if (text != null) {
                changed = changed.with(threshold, text);
            }
        }
        return changed;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CampaignSettings settings && texts.equals(settings.texts);
    }

    @Override
    public int hashCode() {
        return texts.hashCode();
    }

    @Override
    public String toString() {
        return toJson();
    }
}
