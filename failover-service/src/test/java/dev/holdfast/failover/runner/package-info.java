/** Tests of the runner, in a simulated cluster on virtual time. */
@NullMarked
package dev.holdfast.failover.runner;

import org.jspecify.annotations.NullMarked;
