/** Which TCP ports a gateway opens and where their connections may lead, as pure functions of the cluster state. */
@NullMarked
package dev.holdfast.gateway.tcp.route;

import org.jspecify.annotations.NullMarked;
