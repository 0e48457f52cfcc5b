/** Tests of {@code journal}. */
@NullMarked
package dev.holdfast.region.journal;

import org.jspecify.annotations.NullMarked;
