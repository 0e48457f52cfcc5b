/** Deletes what the store no longer has to keep. */
@NullMarked
package dev.holdfast.region.retention;

import org.jspecify.annotations.NullMarked;
