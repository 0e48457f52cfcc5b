/** Webhooks that tell operations what the journal states. */
@NullMarked
package dev.holdfast.health.notification;

import org.jspecify.annotations.NullMarked;
