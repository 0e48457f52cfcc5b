/** The sample database of the quickstart: three PostgreSQL nodes with their agents, and somebody who writes into it. */
@NullMarked
package dev.holdfast.quickstart.database;

import org.jspecify.annotations.NullMarked;
