/** Tells the observers which nodes failed requests, so that they check at once. */
@NullMarked
package dev.holdfast.gateway.hints;

import org.jspecify.annotations.NullMarked;
