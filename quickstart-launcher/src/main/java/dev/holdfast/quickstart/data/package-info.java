/** The folder that a quickstart keeps everything in: its lock, its secrets, its logs. */
@NullMarked
package dev.holdfast.quickstart.data;

import org.jspecify.annotations.NullMarked;
