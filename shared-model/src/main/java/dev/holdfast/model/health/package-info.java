/** What observers see of nodes, and what a quorum of them has decided. */
@NullMarked
package dev.holdfast.model.health;

import org.jspecify.annotations.NullMarked;
