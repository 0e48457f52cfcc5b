/** Tests. */
@NullMarked
package dev.holdfast.agent.isolation;

import org.jspecify.annotations.NullMarked;
