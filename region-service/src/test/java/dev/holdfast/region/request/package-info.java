/** Tests of {@code request}. */
@NullMarked
package dev.holdfast.region.request;

import org.jspecify.annotations.NullMarked;
