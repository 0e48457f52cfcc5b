/** The failover-service. */
@NullMarked
package dev.holdfast.failover;

import org.jspecify.annotations.NullMarked;
