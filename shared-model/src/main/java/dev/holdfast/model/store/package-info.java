/** The port of the cluster-state store: reads, journaled changes, the change feed, leases and retention. */
@NullMarked
package dev.holdfast.model.store;

import org.jspecify.annotations.NullMarked;
