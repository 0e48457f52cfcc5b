package dev.holdfast.agent.probe;

import dev.holdfast.agent.order.AgentRecord;
import dev.holdfast.agent.order.OrderDesk;
import dev.holdfast.agent.postgres.Observation;
import dev.holdfast.agent.supervision.Guard;
import dev.holdfast.agent.supervision.NodeStatus;
import dev.holdfast.agent.supervision.Wakefulness;
import dev.holdfast.api.agent.PostgresState;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Answers 200 for yes and 503 for no, at the paths that load balancers are set to for PostgreSQL clusters already. */
@RestController
@Hidden
class ProbeController {

    /** A status older than this says that looking at the server hangs. */
    private static final Duration STATUS_GOOD_FOR = Duration.ofSeconds(5);

    private final Guard guard;
    private final OrderDesk desk;
    private final Wakefulness wakefulness;
    private final SynchronousState synchronousState;
    private final LongSupplier nanoClock;

    ProbeController(
            Guard guard,
            OrderDesk desk,
            Wakefulness wakefulness,
            SynchronousState synchronousState,
            LongSupplier nanoClock) {
        this.guard = guard;
        this.desk = desk;
        this.wakefulness = wakefulness;
        this.synchronousState = synchronousState;
        this.nanoClock = nanoClock;
    }

    /** What a probe's body says; load balancers look at the status only. */
    record ProbeBody(String state, String role, Optional<Long> timeline, Optional<Long> lagBytes) {}

    @RequestMapping(
            path = {
                "/primary",
                "/leader",
                "/read-write",
                "/replica",
                "/read-only",
                "/sync",
                "/synchronous",
                "/async",
                "/asynchronous",
                "/health",
                "/liveness",
                "/readiness"
            },
            method = {RequestMethod.GET, RequestMethod.HEAD, RequestMethod.OPTIONS},
            produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<ProbeBody> probe(HttpServletRequest request, @RequestParam(required = false) Optional<String> lag) {
        RoleProbe probe = probe(request.getRequestURI());
        Optional<Long> maximumLag = lag.map(ProbeController::bytes);
        boolean doubtful = wakefulness.isDoubtful(); // Before anything that was believed before a freeze is looked at.
        NodeStatus status = guard.status();
        RoleProbe.Situation now = situation(status, desk.record(), doubtful);
        Optional<Boolean> synchronous = probe.asksForSynchronousState() ? synchronousState.get() : Optional.empty();
        boolean yes = probe.isYes(now, maximumLag, synchronous);
        String role = status.seen()
                .map(seen -> seen.inRecovery() ? "replica" : "primary")
                .orElse("unknown");
        return ResponseEntity.status(yes ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .body(new ProbeBody(
                        status.state().name().toLowerCase(Locale.ROOT),
                        role,
                        status.seen().map(Observation::timeline),
                        now.lagBytes()));
    }

    private RoleProbe.Situation situation(NodeStatus status, AgentRecord record, boolean doubtful) {
        boolean alive = nanoClock.getAsLong() - status.at() < STATUS_GOOD_FOR.toNanos();
        Optional<Observation> seen = status.seen();
        boolean mayBePrimary = record.fenced().isEmpty()
                && (record.servesAsPrimary() || record.assignment().isEmpty())
                && !doubtful
                && status.state() == PostgresState.RUNNING;
        return new RoleProbe.Situation(
                alive,
                seen.isPresent(),
                mayBePrimary && seen.filter(server -> !server.inRecovery()).isPresent(),
                record.fenced().isEmpty()
                        && seen.filter(Observation::isStreaming).isPresent(),
                seen.flatMap(Observation::lagBytes));
    }

    private static RoleProbe probe(String path) {
        return switch (path.substring(1)) {
            case "leader", "read-write" -> RoleProbe.PRIMARY;
            case "synchronous" -> RoleProbe.SYNC;
            case "asynchronous" -> RoleProbe.ASYNC;
            case String name -> RoleProbe.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
        };
    }

    private static Long bytes(String lag) {
        return LagLimit.parse(lag).stream()
                .boxed()
                .findFirst()
                .orElseThrow(() -> ProblemException.ofField(
                        ProblemCode.MALFORMED_REQUEST, "lag", "is a size, such as 10MB, 16kB or a number of bytes"));
    }
}
