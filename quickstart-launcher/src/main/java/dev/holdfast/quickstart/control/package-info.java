/** The control API as the quickstart uses it. */
@NullMarked
package dev.holdfast.quickstart.control;

import org.jspecify.annotations.NullMarked;
