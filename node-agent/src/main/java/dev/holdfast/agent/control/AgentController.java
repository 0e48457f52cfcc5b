package dev.holdfast.agent.control;

import dev.holdfast.agent.isolation.ControlContact;
import dev.holdfast.agent.order.OrderDesk;
import dev.holdfast.agent.supervision.Guard;
import dev.holdfast.agent.supervision.Wakefulness;
import dev.holdfast.api.access.Scope;
import dev.holdfast.api.agent.AgentOrder;
import dev.holdfast.api.agent.AgentReport;
import dev.holdfast.api.agent.OrderAnswer;
import dev.holdfast.api.agent.PostgresState;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Takes orders and tells how the node is. */
@RestController
@RequestMapping(path = "/api/v1/agent", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Agent", description = "The agent beside a PostgreSQL node; failover-service is its caller")
class AgentController {

    static final int MOST_HOLD_MILLIS = 10_000;

    private final OrderDesk desk;
    private final Reports reports;
    private final ControlContact contact;
    private final Wakefulness wakefulness;
    private final Guard guard;

    AgentController(OrderDesk desk, Reports reports, ControlContact contact, Wakefulness wakefulness, Guard guard) {
        this.desk = desk;
        this.reports = reports;
        this.contact = contact;
        this.wakefulness = wakefulness;
        this.guard = guard;
    }

    @GetMapping("/state")
    @Operation(
            summary = "Tell how the node is",
            description =
                    "A service names the cluster's epoch as it knows it. That is also the heartbeat by which a primary"
                            + " knows that the control plane is there. One that says which state it knows is answered as"
                            + " soon as PostgreSQL is in another, or after holdMillis.")
    AgentReport state(
            @RequestParam(required = false) Optional<Long> epoch,
            @RequestParam(required = false) Optional<PostgresState> known,
            @RequestParam(required = false) Optional<@Min(0) @Max(MOST_HOLD_MILLIS) Integer> holdMillis)
            throws InterruptedException {
        wakefulness.look();
        if (isService()) {
            contact.heard(epoch, desk.record().accepted().epoch());
        }
        if (known.isPresent() && holdMillis.isPresent()) {
            guard.awaitOtherThan(known.get(), Duration.ofMillis(holdMillis.get()));
        }
        return reports.now();
    }

    @PostMapping("/orders")
    @Operation(
            summary = "Give an order",
            description =
                    "Answers when what it asks for holds, or after a short time that it is in progress; repeat it to learn"
                            + " more. An order with a lower number than one that was accepted is refused with"
                            + " stale-order.")
    OrderAnswer order(@Valid @RequestBody AgentOrder order) throws InterruptedException {
        wakefulness.look();
        OrderAnswer answer = desk.submit(order);
        contact.heard(
                Optional.of(order.number().epoch()), desk.record().accepted().epoch());
        return answer.withReport(reports.now());
    }

    private static boolean isService() {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        return caller != null
                && caller.getAuthorities().stream()
                        .anyMatch(authority -> Scope.SERVICE.authority().equals(authority.getAuthority()));
    }
}
