/** Tests. */
@NullMarked
package dev.holdfast.agent.probe;

import org.jspecify.annotations.NullMarked;
