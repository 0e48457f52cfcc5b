/** Tests of the decisions on operations. */
@NullMarked
package dev.holdfast.failover.operation;

import org.jspecify.annotations.NullMarked;
