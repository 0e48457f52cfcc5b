/** How every service answers when a request can't be served: RFC 9457 problem details with stable codes. */
@NullMarked
package dev.holdfast.api.problem;

import org.jspecify.annotations.NullMarked;
