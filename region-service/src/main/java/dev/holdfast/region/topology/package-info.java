/** The topology API: regions, clusters and nodes, declared and looked at. */
@NullMarked
package dev.holdfast.region.topology;

import org.jspecify.annotations.NullMarked;
