/** Runs the failover decider under seeded faults, against a model of PostgreSQL, agents, network and store. */
@NullMarked
package dev.holdfast.simulation;

import org.jspecify.annotations.NullMarked;
