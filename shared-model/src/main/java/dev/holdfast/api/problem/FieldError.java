package dev.holdfast.api.problem;

/**
 * What is wrong with one field.
 *
 * @param field its path in the document, such as {@code nodes[2].address}, or the name of a parameter or header
 * @param message what it must be, for people
 */
public record FieldError(String field, String message) {}
