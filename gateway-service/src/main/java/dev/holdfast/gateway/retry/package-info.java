/** Which requests may be tried again, and how many. */
@NullMarked
package dev.holdfast.gateway.retry;

import org.jspecify.annotations.NullMarked;
