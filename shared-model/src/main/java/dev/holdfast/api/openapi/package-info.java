/** How the services describe their APIs. */
@NullMarked
package dev.holdfast.api.openapi;

import org.jspecify.annotations.NullMarked;
