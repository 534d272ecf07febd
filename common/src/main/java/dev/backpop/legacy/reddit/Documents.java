package dev.backpop.legacy.reddit;

import tools.jackson.databind.node.ObjectNode;

/** Turns what Reddit says into the flat records that plans map. Thread-safe. */
interface Documents {
    /**
     * The record of a thing, as JSON text.
     *
     * @param data is changed
     * @throws Refusal when it is to become no row
     */
    String of(ObjectNode data) throws Refusal;
}
