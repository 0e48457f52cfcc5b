/** The region-service as its users see it, on the in-memory store. */
@NullMarked
package dev.holdfast.region;

import org.jspecify.annotations.NullMarked;
