@NullMarked
package dev.holdfast.gateway.control.frontdoor;

import org.jspecify.annotations.NullMarked;
