/** Asks the agents beside PostgreSQL nodes how they are, and gives them orders. */
@NullMarked
package dev.holdfast.failover.agent;

import org.jspecify.annotations.NullMarked;
