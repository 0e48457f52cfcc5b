/** Whether a primary may still be one, decided from whom it has heard. */
@NullMarked
package dev.holdfast.agent.isolation;

import org.jspecify.annotations.NullMarked;
