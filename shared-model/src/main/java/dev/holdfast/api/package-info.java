/** The control API as it goes over the wire: documents, views, and one HTTP interface for each resource. */
@NullMarked
package dev.holdfast.api;

import org.jspecify.annotations.NullMarked;
