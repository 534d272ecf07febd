package dev.backpop.legacy;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the processes that call one legacy store leave the tokens that one of them was given, for all. What is left here is
 * sealed by whoever leaves it, and may be lost at any time. Thread-safe.
 */
public interface SharedTokens {
    /** What was kept under this name and is still good. */
    Optional<String> find(String name);

    /** @param time how long it is good; null for ever */
    void keep(String name, String sealed, @Nullable Duration time);

    /** Forgets what is kept, if it is still this. */
    void forget(String name, String sealed);

    /**
     * Lets one caller of all processes do something, and no other until it calls {@link #end} or the time is over.
     *
     * @return false when another is at it
     */
    boolean begin(String name, Duration most);

    void end(String name);
}
