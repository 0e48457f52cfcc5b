@NullMarked
package dev.holdfast.gateway.forwarding;

import org.jspecify.annotations.NullMarked;
