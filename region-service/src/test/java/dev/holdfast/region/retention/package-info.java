/** Tests of {@code retention}. */
@NullMarked
package dev.holdfast.region.retention;

import org.jspecify.annotations.NullMarked;
