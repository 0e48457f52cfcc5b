@NullMarked
package dev.holdfast.gateway.activity;

import org.jspecify.annotations.NullMarked;
