/** Tests of {@code declaration}. */
@NullMarked
package dev.holdfast.region.declaration;

import org.jspecify.annotations.NullMarked;
