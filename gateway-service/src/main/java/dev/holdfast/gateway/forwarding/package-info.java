/** Takes users' requests to nodes: picks, tries, tries again, and passes the answer on. */
@NullMarked
package dev.holdfast.gateway.forwarding;

import org.jspecify.annotations.NullMarked;
