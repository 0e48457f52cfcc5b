/** What this observer holds of every node, from the checks that it makes. */
@NullMarked
package dev.holdfast.health.watch;

import org.jspecify.annotations.NullMarked;
