package dev.holdfast.gateway.hints;

/**
 * What an observer is told.
 *
 * @param failures of requests to the node since the last hint
 * @param lastFailure the way the last one failed, in a word
 */
record NodeFailureHint(int failures, String lastFailure) {}
