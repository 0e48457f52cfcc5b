/** Tests. */
@NullMarked
package dev.holdfast.agent.order;

import org.jspecify.annotations.NullMarked;
