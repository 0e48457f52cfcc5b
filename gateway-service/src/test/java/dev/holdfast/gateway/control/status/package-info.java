@NullMarked
package dev.holdfast.gateway.control.status;

import org.jspecify.annotations.NullMarked;
