package dev.backpop.campaign;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds up why keys of a chunk came to no row. Of a bounded number of reasons; for one thread. */
public final class RowReasons {
    private static final int MOST = 50;
    private static final int LONGEST = 300;
    private static final String OTHERS = "other reasons";

    private record Group(RowReason.Outcome outcome, String reason) {}

    private final Map<Group, RowReason> reasons = new LinkedHashMap<>();

    /** @param key as a JSON array */
    public void add(RowReason.Outcome outcome, String reason, String key) {
        Group group = new Group(outcome, reason.length() > LONGEST ? reason.substring(0, LONGEST) + "…" : reason);
        if (reasons.size() >= MOST && !reasons.containsKey(group)) {
            group = new Group(outcome, OTHERS);
        }
        reasons.merge(
                group,
                new RowReason(group.outcome(), group.reason(), 1, key),
                (one, other) -> new RowReason(one.outcome(), one.reason(), one.rows() + 1, one.example()));
    }

    public List<RowReason> all() {
        return new ArrayList<>(reasons.values());
    }
}
