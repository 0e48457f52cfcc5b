/** The promises of the cluster-state store, tested on every kind of it. */
@NullMarked
package dev.holdfast.store;

import org.jspecify.annotations.NullMarked;
