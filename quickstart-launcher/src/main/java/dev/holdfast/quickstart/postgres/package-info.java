/** The embedded PostgreSQL: unpacked, initialised and run as a process like any other. */
@NullMarked
package dev.holdfast.quickstart.postgres;

import org.jspecify.annotations.NullMarked;
