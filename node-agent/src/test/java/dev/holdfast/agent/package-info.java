/** Tests of the agent as a whole. */
@NullMarked
package dev.holdfast.agent;

import org.jspecify.annotations.NullMarked;
