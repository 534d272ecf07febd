package dev.backpop.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Puts parents before children and otherwise keeps the order of the file. */
final class ParentOrder {
    private ParentOrder() {}

    /**
     * @param parents each name's parents, in file order; every parent is itself a name
     * @param cycle told each cycle, which begins and ends with the same name
     */
    static List<String> sort(Map<String, List<String>> parents, Consumer<List<String>> cycle) {
        Map<String, List<String>> left = new LinkedHashMap<>(parents);
        List<String> order = new ArrayList<>();
        while (!left.isEmpty()) {
            List<String> next = left.keySet().stream()
                    .filter(name -> left.getOrDefault(name, List.of()).stream().noneMatch(left::containsKey))
                    .limit(1)
                    .toList();
            if (next.isEmpty()) {
                next = cycle(left);
                cycle.accept(next);
            }
            for (String name : next) {
                if (left.remove(name) != null) {
                    order.add(name);
                }
            }
        }
        return order;
    }

    /** Every name that is left has a parent that is left, so walking up must come round. */
    private static List<String> cycle(Map<String, List<String>> left) {
        List<String> path = new ArrayList<>();
        String name = left.keySet().iterator().next();
        while (!path.contains(name)) {
            path.add(name);
            name = left.getOrDefault(name, List.of()).stream()
                    .filter(left::containsKey)
                    .findFirst()
                    .orElseThrow();
        }
        path.add(name);
        return path.subList(path.indexOf(name), path.size());
    }
}
