/** The sample cluster: declared over the public API, and restarted node by node when Holdfast asks for it. */
@NullMarked
package dev.holdfast.quickstart.sample;

import org.jspecify.annotations.NullMarked;
