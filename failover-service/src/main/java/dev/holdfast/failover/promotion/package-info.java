/** Decides the failover and switchover of a PostgreSQL primary, from facts alone: no clock, no I/O. */
@NullMarked
package dev.holdfast.failover.promotion;

import org.jspecify.annotations.NullMarked;
