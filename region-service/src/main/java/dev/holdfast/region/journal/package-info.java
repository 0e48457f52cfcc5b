/** The journal API: what happened and why, in pages and as a live stream. */
@NullMarked
package dev.holdfast.region.journal;

import org.jspecify.annotations.NullMarked;
