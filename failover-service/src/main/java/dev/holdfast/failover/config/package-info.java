/** Settings and wiring of the failover-service. */
@NullMarked
package dev.holdfast.failover.config;

import org.jspecify.annotations.NullMarked;
