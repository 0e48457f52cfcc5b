/** Who is primary of a replicated cluster, since when, and what may be claimed of its writes. */
@NullMarked
package dev.holdfast.model.replication;

import org.jspecify.annotations.NullMarked;
