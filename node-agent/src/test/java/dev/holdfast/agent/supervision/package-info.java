/** Tests. */
@NullMarked
package dev.holdfast.agent.supervision;

import org.jspecify.annotations.NullMarked;
