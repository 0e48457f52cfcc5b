/** Tests of the settings. */
@NullMarked
package dev.holdfast.failover.config;

import org.jspecify.annotations.NullMarked;
