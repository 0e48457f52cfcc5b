/** Carries operations out: persists each decision, acts, and learns what came of it. */
@NullMarked
package dev.holdfast.failover.runner;

import org.jspecify.annotations.NullMarked;
