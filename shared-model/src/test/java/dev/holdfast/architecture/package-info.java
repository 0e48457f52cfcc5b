/** The rules of the house that a compiler can't check. */
@NullMarked
package dev.holdfast.architecture;

import org.jspecify.annotations.NullMarked;
