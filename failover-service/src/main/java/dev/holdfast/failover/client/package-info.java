/** Calls the other services, the gateways and restart hooks; every call has a timeout. */
@NullMarked
package dev.holdfast.failover.client;

import org.jspecify.annotations.NullMarked;
