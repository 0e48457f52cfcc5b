/** Who may do what: bearer tokens, their scopes, and the scope that a request needs. */
@NullMarked
package dev.holdfast.api.access;

import org.jspecify.annotations.NullMarked;
