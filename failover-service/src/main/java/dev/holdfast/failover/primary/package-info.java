/** Keeps the primaries of clusters: watches, decides, stores and has it done. */
@NullMarked
package dev.holdfast.failover.primary;

import org.jspecify.annotations.NullMarked;
