/** Tells past and running failovers from the journal. */
@NullMarked
package dev.holdfast.failover.report;

import org.jspecify.annotations.NullMarked;
