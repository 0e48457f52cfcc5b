/** How the checks that one observer makes of a node become its opinion; pure. */
@NullMarked
package dev.holdfast.health.opinion;

import org.jspecify.annotations.NullMarked;
