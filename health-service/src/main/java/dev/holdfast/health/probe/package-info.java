/** Checks of nodes over the network, and when they are made. */
@NullMarked
package dev.holdfast.health.probe;

import org.jspecify.annotations.NullMarked;
