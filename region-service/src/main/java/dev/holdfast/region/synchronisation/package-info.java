/** Lets joining nodes take traffic once they have answered their checks and their cluster's synchronisation hook. */
@NullMarked
package dev.holdfast.region.synchronisation;

import org.jspecify.annotations.NullMarked;
