/** Tests of {@code topology}. */
@NullMarked
package dev.holdfast.region.topology;

import org.jspecify.annotations.NullMarked;
