package dev.backpop.producer.demo;

import java.util.List;

/** The demo's plan file, as it ships. */
public final class DemoPlan {
    /** The environment variable that the plan takes its legacy store's URL from; the target's is the usual one. */
    public static final String LEGACY_URL = "BACKPOP_DEMO_LEGACY_URL";

    /** The plan's entities, parents before children. */
    public static final List<String> ENTITIES = List.of("channel", "post", "comment");

    private DemoPlan() {}

    /** The plan file's text, with its {@code ${VAR}}s unexpanded. */
    public static String text() {
        return Resources.text("demo-plan.yaml");
    }
}
