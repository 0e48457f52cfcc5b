/** Decides what an operation on a cluster does next, from facts alone: no clock, no I/O. */
@NullMarked
package dev.holdfast.failover.operation;

import org.jspecify.annotations.NullMarked;
