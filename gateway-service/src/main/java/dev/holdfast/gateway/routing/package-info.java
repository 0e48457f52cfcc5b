/** Which cluster a request belongs to, as a pure function of the cluster state. */
@NullMarked
package dev.holdfast.gateway.routing;

import org.jspecify.annotations.NullMarked;
