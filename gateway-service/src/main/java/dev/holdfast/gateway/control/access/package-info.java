/** Who may come in by the control port. */
@NullMarked
package dev.holdfast.gateway.control.access;

import org.jspecify.annotations.NullMarked;
