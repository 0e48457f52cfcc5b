/** Tests of the API of operations. */
@NullMarked
package dev.holdfast.failover.command;

import org.jspecify.annotations.NullMarked;
