/** Work that takes longer than a request. */
@NullMarked
package dev.holdfast.model.operation;

import org.jspecify.annotations.NullMarked;
