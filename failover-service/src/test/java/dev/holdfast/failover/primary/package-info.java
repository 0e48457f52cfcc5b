@NullMarked
package dev.holdfast.failover.primary;

import org.jspecify.annotations.NullMarked;
