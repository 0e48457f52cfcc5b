/** When this gateway stops using a node on what it sees itself. */
@NullMarked
package dev.holdfast.gateway.ejection;

import org.jspecify.annotations.NullMarked;
