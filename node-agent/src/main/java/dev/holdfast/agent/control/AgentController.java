package dev.holdfast.agent.control;

import dev.holdfast.agent.isolation.ControlContact;
import dev.holdfast.agent.order.OrderDesk;
import dev.holdfast.agent.supervision.Wakefulness;
import dev.holdfast.api.access.Scope;
import dev.holdfast.api.agent.AgentOrder;
import dev.holdfast.api.agent.AgentReport;
import dev.holdfast.api.agent.OrderAnswer;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
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

    private final OrderDesk desk;
    private final Reports reports;
    private final ControlContact contact;
    private final Wakefulness wakefulness;

    AgentController(OrderDesk desk, Reports reports, ControlContact contact, Wakefulness wakefulness) {
        this.desk = desk;
        this.reports = reports;
        this.contact = contact;
        this.wakefulness = wakefulness;
    }

    @GetMapping("/state")
    @Operation(
            summary = "Tell how the node is",
            description =
                    "A service names the cluster's epoch as it knows it. That is also the heartbeat by which a primary"
                            + " knows that the control plane is there.")
    AgentReport state(@RequestParam(required = false) Optional<Long> epoch) {
        wakefulness.look();
        if (isService()) {
            contact.heard(epoch, desk.record().accepted().epoch());
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
