package dev.backpop.producer.selftest;

import java.util.List;

/**
 * What became of every fault in one verification.
 *
 * @param method the word of how rows were first looked at; of several where chunks had different ones
 */
public record Tried(String method, List<Verdict> verdicts) {
    public Tried {
        verdicts = List.copyOf(verdicts);
    }

    /** How many faults were found. */
    public long found() {
        return verdicts.stream()
                .filter(verdict -> verdict.result() == Verdict.Result.FOUND)
                .count();
    }
}
