/** The Holdfast services as processes: their jars, their settings, their order. */
@NullMarked
package dev.holdfast.quickstart.service;

import org.jspecify.annotations.NullMarked;
