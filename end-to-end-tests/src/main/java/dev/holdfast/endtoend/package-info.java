/** The whole suite as real processes, under faults. */
@NullMarked
package dev.holdfast.endtoend;

import org.jspecify.annotations.NullMarked;
