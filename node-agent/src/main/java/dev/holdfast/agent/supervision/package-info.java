/** Watching over the server and over the agent's own time. */
@NullMarked
package dev.holdfast.agent.supervision;

import org.jspecify.annotations.NullMarked;
