/** Regions, zones, clusters and nodes as users declare them. */
@NullMarked
package dev.holdfast.model.topology;

import org.jspecify.annotations.NullMarked;
