/** The processes of a quickstart: started, watched, restarted, stopped, and never left behind. */
@NullMarked
package dev.holdfast.quickstart.process;

import org.jspecify.annotations.NullMarked;
