/** The in-memory twin of the cluster-state store, for tests. */
@NullMarked
package dev.holdfast.store.memory;

import org.jspecify.annotations.NullMarked;
