/** One address for the whole control API: passes each request on to a replica of the service that serves it. */
@NullMarked
package dev.holdfast.gateway.control.frontdoor;

import org.jspecify.annotations.NullMarked;
