package dev.backpop.producer.report;

import dev.backpop.campaign.CampaignSpec;
import dev.backpop.producer.text.Quantities;
import dev.backpop.producer.text.StoredJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which of an entity's keys a campaign is about.
 *
 * @param from inclusive; null for no lower bound
 * @param to inclusive; null for no upper bound
 * @param sample what was drawn; null unless the extent is a sample
 */
public record Coverage(
        Extent extent, @Nullable JsonNode from, @Nullable JsonNode to, CampaignSpec.@Nullable Sample sample) {
    /** How much of an entity. */
    public enum Extent {
        WHOLE,
        RANGE,
        LIST,
        SAMPLE
    }

    static Coverage of(CampaignSpec spec) {
        CampaignSpec.Sample sample = spec.sample();
        Extent extent = Extent.WHOLE;
        if (sample != null) {
            extent = Extent.SAMPLE;
        } else if (spec.listed()) {
            extent = Extent.LIST;
        } else if (spec.from() != null || spec.to() != null) {
            extent = Extent.RANGE;
        }
        return new Coverage(extent, StoredJson.node(spec.from()), StoredJson.node(spec.to()), sample);
    }

    /** Whether every key of the entity is covered. */
    public boolean whole() {
        return extent == Extent.WHOLE;
    }

    /** For people. */
    public String text() {
        CampaignSpec.Sample drawn = sample;
        return switch (extent) {
            case WHOLE -> "the whole entity, up to the last key there was when it began";
            case LIST -> "only keys that were given one by one";
            case RANGE ->
                "only keys" + (from == null ? "" : " from " + key(from)) + (to == null ? "" : " to " + key(to));
            case SAMPLE ->
                drawn == null
                        ? "a sample"
                        : "a sample of " + Quantities.count(drawn.size()) + " of "
                                + Quantities.count(drawn.population()) + " keys, seed " + drawn.seed();
        };
    }

    private static String key(JsonNode key) {
        return StoredJson.key(key.toString());
    }
}
