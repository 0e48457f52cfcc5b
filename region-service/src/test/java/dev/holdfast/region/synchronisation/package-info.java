/** Tests of {@code synchronisation}. */
@NullMarked
package dev.holdfast.region.synchronisation;

import org.jspecify.annotations.NullMarked;
