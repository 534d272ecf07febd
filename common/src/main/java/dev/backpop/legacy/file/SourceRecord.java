package dev.backpop.legacy.file;

/**
 * One record of a file.
 *
 * @param line the line it begins on, from 1
 * @param document as JSON text
 */
record SourceRecord(long line, String document) {}
