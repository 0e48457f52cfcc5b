@NullMarked
package dev.holdfast.failover.report;

import org.jspecify.annotations.NullMarked;
