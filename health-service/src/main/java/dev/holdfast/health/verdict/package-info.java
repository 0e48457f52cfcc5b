/** What a quorum of observers makes of their opinions on a node; pure. */
@NullMarked
package dev.holdfast.health.verdict;

import org.jspecify.annotations.NullMarked;
