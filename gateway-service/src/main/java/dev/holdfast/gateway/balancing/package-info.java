/** Which node of a cluster gets the next request. */
@NullMarked
package dev.holdfast.gateway.balancing;

import org.jspecify.annotations.NullMarked;
