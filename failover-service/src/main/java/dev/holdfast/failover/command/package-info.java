/** The API by which operations are started, watched, confirmed and cancelled. */
@NullMarked
package dev.holdfast.failover.command;

import org.jspecify.annotations.NullMarked;
