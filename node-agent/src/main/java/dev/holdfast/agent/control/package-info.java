/** The agent's API. */
@NullMarked
package dev.holdfast.agent.control;

import org.jspecify.annotations.NullMarked;
