/** Tests of how failovers are decided. */
@NullMarked
package dev.holdfast.failover.promotion;

import org.jspecify.annotations.NullMarked;
