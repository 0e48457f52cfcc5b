/** The API that shows what is held of a node and why, and takes requests to look again. */
@NullMarked
package dev.holdfast.health.evidence;

import org.jspecify.annotations.NullMarked;
