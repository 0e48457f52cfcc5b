/** Orders to the agents beside PostgreSQL nodes, what they answer, and what they report. */
@NullMarked
package dev.holdfast.api.agent;

import org.jspecify.annotations.NullMarked;
