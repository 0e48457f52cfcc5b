/** The gateway-service: data plane and front door. */
@NullMarked
package dev.holdfast.gateway;

import org.jspecify.annotations.NullMarked;
