/** How opinions get into the store, and verdicts with them. */
@NullMarked
package dev.holdfast.health.publication;

import org.jspecify.annotations.NullMarked;
