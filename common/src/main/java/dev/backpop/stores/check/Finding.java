package dev.backpop.stores.check;

/**
 * One thing that a check found.
 *
 * @param place where in the plan, with file and line where they are known
 * @param message what is so and what to do about it; holds keys and values of the data, and never a secret of the plan
 */
public record Finding(Severity severity, String place, String message) {}
