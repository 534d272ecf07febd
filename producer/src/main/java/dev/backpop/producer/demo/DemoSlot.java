package dev.backpop.producer.demo;

import java.util.ArrayList;
import java.util.List;

/**
 * One row of the legacy store that is not an ordinary one.
 *
 * @param ordinal which row it is, from 1
 * @param kind a {@link DemoReject}'s name, {@link #ALREADY_THERE} or {@link #PLANTED}
 * @param nth which of its kind, from 1
 */
record DemoSlot(String entity, long ordinal, String kind, int nth) {
    static final String ALREADY_THERE = "ALREADY_THERE";
    static final String PLANTED = "PLANTED";

    /** All of an entity's slots, spread evenly over its rows. */
    static List<DemoSlot> of(String entity, DemoSize size) {
        List<DemoSlot> first = new ArrayList<>();
        add(first, entity, ALREADY_THERE, DemoSize.alreadyThere(entity));
        if (entity.equals("post")) {
            add(first, entity, PLANTED, 1);
        }
        for (DemoReject reject : DemoReject.of(entity)) {
            add(first, entity, reject.name(), reject.count());
        }
        long step = size.rows(entity) / (first.size() + 1);
        return first.stream()
                .map(slot -> new DemoSlot(entity, slot.ordinal * step, slot.kind, slot.nth))
                .toList();
    }

    private static void add(List<DemoSlot> slots, String entity, String kind, int count) {
        for (int nth = 1; nth <= count; nth++) {
            slots.add(new DemoSlot(entity, slots.size() + 1L, kind, nth));
        }
    }
}
