/** How long a PostgreSQL cluster takes no writes when its primary is lost, and what is lost with it. */
@NullMarked
package dev.holdfast.benchmarks.failover;

import org.jspecify.annotations.NullMarked;
