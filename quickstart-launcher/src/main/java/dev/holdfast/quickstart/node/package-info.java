/** The sample nodes: small HTTP servers that show who answered and can be told to misbehave. */
@NullMarked
package dev.holdfast.quickstart.node;

import org.jspecify.annotations.NullMarked;
