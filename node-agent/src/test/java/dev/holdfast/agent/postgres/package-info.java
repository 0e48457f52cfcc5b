/** Tests. */
@NullMarked
package dev.holdfast.agent.postgres;

import org.jspecify.annotations.NullMarked;
