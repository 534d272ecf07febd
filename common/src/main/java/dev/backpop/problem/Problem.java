package dev.backpop.problem;

import static java.util.Objects.requireNonNull;

/**
 * One thing that is wrong with what a person gave us.
 *
 * @param place where it is: a plan file with line and path, a setting, or a store; empty when the message says it all
 * @param message what is wrong and what to do about it; never holds a secret
 */
public record Problem(String place, String message) {
    public Problem {
        requireNonNull(place, "place is null");
        requireNonNull(message, "message is null");
    }

    @Override
    public String toString() {
        return place.isEmpty() ? message : place + ": " + message;
    }
}
