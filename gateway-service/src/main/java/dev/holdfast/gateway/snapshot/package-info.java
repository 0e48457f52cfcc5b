/** The last good cluster state on disk, for a start while the store is away. */
@NullMarked
package dev.holdfast.gateway.snapshot;

import org.jspecify.annotations.NullMarked;
