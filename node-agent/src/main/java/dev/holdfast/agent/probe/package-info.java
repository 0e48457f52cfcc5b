/** Role probes for load balancers. */
@NullMarked
package dev.holdfast.agent.probe;

import org.jspecify.annotations.NullMarked;
