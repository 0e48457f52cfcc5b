/** What all writes of the API have in common: preconditions, idempotency keys, dry runs, and how documents are read. */
@NullMarked
package dev.holdfast.region.request;

import org.jspecify.annotations.NullMarked;
