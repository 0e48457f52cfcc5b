/** This replica's identity and signs of life, and what the loss of other observers entails. */
@NullMarked
package dev.holdfast.health.observer;

import org.jspecify.annotations.NullMarked;
