/** Files that are whole and durable before anything relies on them. */
@NullMarked
package dev.holdfast.agent.disk;

import org.jspecify.annotations.NullMarked;
