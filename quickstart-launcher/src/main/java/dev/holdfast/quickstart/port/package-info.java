/** Which ports a quickstart takes, and who holds one that is busy. */
@NullMarked
package dev.holdfast.quickstart.port;

import org.jspecify.annotations.NullMarked;
