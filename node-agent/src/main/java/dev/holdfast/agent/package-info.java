/** The agent beside a PostgreSQL node: it runs the server, and obeys orders of the current epoch only. */
@NullMarked
package dev.holdfast.agent;

import org.jspecify.annotations.NullMarked;
