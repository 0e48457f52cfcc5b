/** What this gateway knows and does, from memory: it answers with every other service and the store down. */
@NullMarked
package dev.holdfast.gateway.control.status;

import org.jspecify.annotations.NullMarked;
