package dev.holdfast.agent.order;

import dev.holdfast.agent.postgres.Observation;
import dev.holdfast.agent.postgres.PostgresEngine;
import dev.holdfast.agent.postgres.PostgresEngine.Done;
import dev.holdfast.agent.postgres.PostgresException;
import dev.holdfast.api.agent.AgentOrder;
import dev.holdfast.api.agent.OrderAction;
import dev.holdfast.api.agent.OrderAction.FenceMode;
import dev.holdfast.api.agent.OrderAnswer;
import dev.holdfast.api.agent.OrderOutcome;
import dev.holdfast.model.replication.Lsn;
import java.nio.file.Path;
import java.util.Optional;

/** Carries orders out on the node's server. */
public final class PostgresWork implements OrderWork {

    private final PostgresEngine engine;

    public PostgresWork(PostgresEngine engine) {
        this.engine = engine;
    }

    @Override
    public OrderAnswer carryOut(AgentOrder order, AgentRecord record) throws PostgresException, InterruptedException {
        return switch (order.action()) {
            case OrderAction.Create _ -> answer(order, engine.create());
            case OrderAction.Detach _ ->
                answer(order, "receives from nobody", Optional.of(engine.detach()), Optional.empty(), Optional.empty());
            case OrderAction.Promote(var synchronous) -> promoted(order, engine.promote(synchronous));
            case OrderAction.Follow(var upstream) -> answer(order, engine.follow(upstream));
            case OrderAction.Reinitialise(var upstream) -> answer(order, engine.reinitialise(upstream));
            case OrderAction.Synchronise(var synchronous) -> answer(order, engine.synchronise(synchronous));
            case OrderAction.Resume _ -> answer(order, resume(record));
            case OrderAction.Fence(var mode) ->
                answer(
                        order,
                        engine.fence(mode == FenceMode.FAST).detail(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        };
    }

    @Override
    public void fence() throws PostgresException, InterruptedException {
        engine.fence(true);
    }

    /** A node that no order has given a role has the one that its data have. */
    private Done resume(AgentRecord record) throws PostgresException, InterruptedException {
        boolean primary =
                record.assignment().map(Assignment::servesAsPrimary).orElseGet(() -> !engine.isMarkedAsStandby());
        return primary
                ? engine.resumePrimary(record.assignment().flatMap(Assignment::synchronous))
                : engine.resumeStandby(record.assignment().flatMap(Assignment::upstream));
    }

    private OrderAnswer promoted(AgentOrder order, Done done) throws PostgresException {
        Observation seen = engine.observe();
        Optional<Lsn> fork = engine.forkedAt(seen.timeline());
        return answer(order, done.detail(), Optional.of(seen), fork, done.kept());
    }

    private OrderAnswer answer(AgentOrder order, Done done) throws PostgresException {
        return answer(order, done.detail(), Optional.of(engine.observe()), Optional.empty(), done.kept());
    }

    private static OrderAnswer answer(
            AgentOrder order, String detail, Optional<Observation> seen, Optional<Lsn> forkedAt, Optional<Path> kept) {
        return new OrderAnswer(
                order.id(),
                order.epoch(),
                OrderOutcome.DONE,
                detail,
                seen.map(Observation::timeline),
                seen.flatMap(Observation::flushed),
                seen.flatMap(Observation::replayed),
                forkedAt,
                kept.map(Path::toString));
    }
}
