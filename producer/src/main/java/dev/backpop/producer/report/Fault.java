package dev.backpop.producer.report;

/**
 * Something that is not as it should be.
 *
 * @param count of rows, chunks or checks, by its kind
 * @param text for people: {@code 12 mismatched}
 */
public record Fault(FaultKind kind, long count, String text) {}
