/** Orders with their epochs: persisted before they are carried out, one at a time, each once. */
@NullMarked
package dev.holdfast.agent.order;

import org.jspecify.annotations.NullMarked;
