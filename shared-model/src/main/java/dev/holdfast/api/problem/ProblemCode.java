package dev.holdfast.api.problem;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The stable codes of problems. Clients branch on them; they are only ever added. */
public enum ProblemCode {
    MALFORMED_REQUEST(400, "The request can't be understood"),
    MALFORMED_DOCUMENT(400, "The document can't be read"),
    UNKNOWN_FIELD(400, "The document has a field that is not known here"),
    INVALID_VALUE(400, "A value has the wrong form"),
    UNAUTHENTICATED(401, "A valid bearer token is required"),
    FORBIDDEN(403, "The token's scopes don't allow this"),
    NOT_FOUND(404, "Nothing is served at this path"),
    REGION_NOT_FOUND(404, "No such region"),
    CLUSTER_NOT_FOUND(404, "No such cluster"),
    NODE_NOT_FOUND(404, "No such node"),
    OPERATION_NOT_FOUND(404, "No such operation"),
    FAILOVER_NOT_FOUND(404, "No such failover"),
    NO_PRIMARY(404, "The cluster has no primary"),
    NO_ROUTE(404, "No cluster serves this host and path"),
    METHOD_NOT_ALLOWED(405, "This path doesn't take this method"),
    NOT_ACCEPTABLE(406, "None of the accepted media types can be produced"),
    REQUEST_TIMEOUT(408, "The request did not arrive in time"),
    REGION_IN_USE(409, "The region still has nodes"),
    ZONE_IN_USE(409, "The zone still has nodes"),
    ROUTE_TAKEN(409, "Another cluster has this route"),
    LISTENER_TAKEN(409, "Another cluster has this listener's port"),
    NODE_IN_OTHER_CLUSTER(409, "The node belongs to another cluster"),
    OPERATION_IN_PROGRESS(409, "Another operation runs on this cluster"),
    OPERATION_NOT_WAITING(409, "The operation's state doesn't allow this"),
    LAST_HEALTHY_NODE(409, "No other node of the cluster could take the traffic"),
    CLUSTER_NOT_READY(409, "The cluster is not in a state for this"),
    FAILOVER_REFUSED(409, "The state of the primary and its standbys doesn't allow this"),
    STALE_ORDER(409, "A later order has been accepted"),
    NODE_IS_PRIMARY(409, "The node is its cluster's primary"),
    WRONG_KIND_OF_CLUSTER(409, "The cluster is of a kind that doesn't allow this"),
    WRONG_NODE(409, "The order is for another node"),
    ORDER_IN_PROGRESS(409, "Another order is being carried out"),
    STALE_VERSION(412, "It has changed since the version that If-Match names"),
    ALREADY_EXISTS(412, "It exists already"),
    DOCUMENT_TOO_LARGE(413, "The request's body is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body's media type is not taken here"),
    VALIDATION_FAILED(422, "The document breaks a rule"),
    IDEMPOTENCY_KEY_REUSED(422, "The idempotency key was used for another request"),
    TOO_MANY_REQUESTS(429, "Too many requests"),
    INTERNAL_ERROR(500, "An unexpected error; it has been logged"),
    BAD_GATEWAY(502, "No node answered"),
    STORE_UNAVAILABLE(503, "The cluster-state store can't be reached"),
    SERVICE_UNAVAILABLE(503, "A service that is needed for this can't be reached"),
    ORDER_NOT_PERSISTED(503, "The order's number can't be made durable, so nothing was done"),
    NO_NODE_AVAILABLE(503, "The cluster has no node that could take the request"),
    GATEWAY_TIMEOUT(504, "No node answered in time");

    private final int status;
    private final String title;
    private final String code;

    ProblemCode(int status, String title) {
        this.status = status;
        this.title = title;
        this.code = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The HTTP status it goes with. */
    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** The code as it stands in answers, such as {@code stale-version}. */
    @JsonValue
    public String code() {
        return code;
    }
}
