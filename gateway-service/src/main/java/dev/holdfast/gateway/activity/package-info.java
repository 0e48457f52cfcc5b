/** What this gateway does with each node: requests under way, failures seen, ejections. */
@NullMarked
package dev.holdfast.gateway.activity;

import org.jspecify.annotations.NullMarked;
