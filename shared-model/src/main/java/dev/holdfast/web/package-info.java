/** The servlet shell of the services that run on Spring MVC: access, problems, idempotency, request limits, OpenAPI. */
@NullMarked
package dev.holdfast.web;

import org.jspecify.annotations.NullMarked;
