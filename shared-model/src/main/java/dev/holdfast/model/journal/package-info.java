/** Revisions and the journal that explains every change of the cluster state. */
@NullMarked
package dev.holdfast.model.journal;

import org.jspecify.annotations.NullMarked;
