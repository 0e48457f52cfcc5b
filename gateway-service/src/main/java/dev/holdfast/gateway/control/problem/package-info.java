/** How the control port answers when it can't serve a request. */
@NullMarked
package dev.holdfast.gateway.control.problem;

import org.jspecify.annotations.NullMarked;
