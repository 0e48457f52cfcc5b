/** Tests of the calls to others, against real local servers. */
@NullMarked
package dev.holdfast.failover.client;

import org.jspecify.annotations.NullMarked;
