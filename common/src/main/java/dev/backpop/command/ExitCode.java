package dev.backpop.command;

import dev.backpop.ledger.CampaignConflictException;
import dev.backpop.legacy.LegacyUnavailableException;
import dev.backpop.problem.InvalidInputException;
import dev.backpop.problem.StoreUnreachableException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a command's exit code says. */
public final class ExitCode {
    public static final int CLEAN = 0;
    public static final int INCOMPLETE = 1;
    public static final int INVALID = 2;
    public static final int UNREACHABLE = 3;
    public static final int INTERRUPTED = 130;

    private ExitCode() {}

    /** The code of a command that ended with an exception; {@link #INCOMPLETE} for one that nobody foresaw. */
    public static int of(Throwable thrown) {
        if (thrown instanceof InvalidInputException || thrown instanceof CampaignConflictException) {
            return INVALID;
        }
        if (thrown instanceof StoreUnreachableException || thrown instanceof LegacyUnavailableException) {
            return UNREACHABLE;
        }
        return thrown instanceof InterruptedException ? INTERRUPTED : INCOMPLETE;
    }

    /** For the help: code to meaning, in order. */
    static Map<String, String> descriptions() {
        Map<String, String> descriptions = new LinkedHashMap<>();
        descriptions.put("0", "done and clean");
        descriptions.put("1", "done with rejects, discrepancies or failed chunks");
        descriptions.put("2", "wrong usage or plan");
        descriptions.put("3", "a store cannot be reached");
        descriptions.put("130", "interrupted; what was running can be resumed");
        return Collections.unmodifiableMap(descriptions);
    }
}
