/** How an observer tells that it is cut off itself, rather than that the world has died; pure. */
@NullMarked
package dev.holdfast.health.isolation;

import org.jspecify.annotations.NullMarked;
