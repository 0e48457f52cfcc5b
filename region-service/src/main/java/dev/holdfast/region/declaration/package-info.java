/** What a declared topology must satisfy, and what declaring it changes. Pure: every fact comes in as an argument. */
@NullMarked
package dev.holdfast.region.declaration;

import org.jspecify.annotations.NullMarked;
