/** How documents and views are read and written as JSON and YAML. */
@NullMarked
package dev.holdfast.api.json;

import org.jspecify.annotations.NullMarked;
