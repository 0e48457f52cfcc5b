/** Holdfast on one machine, for trying it out. */
@NullMarked
package dev.holdfast.quickstart;

import org.jspecify.annotations.NullMarked;
