@NullMarked
package dev.holdfast.gateway.control.openapi;

import org.jspecify.annotations.NullMarked;
