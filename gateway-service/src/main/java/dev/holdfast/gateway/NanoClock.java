package dev.holdfast.gateway;

import java.util.function.LongSupplier;

/** The monotonic clock, in nanoseconds; a type of its own so that nothing else is injected in its place. */
public interface NanoClock extends LongSupplier {}
