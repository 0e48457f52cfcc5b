/** The TCP listeners of PostgreSQL clusters: client connections are joined to nodes byte for byte. */
@NullMarked
package dev.holdfast.gateway.tcp;

import org.jspecify.annotations.NullMarked;
