package dev.holdfast.agent.order;

import dev.holdfast.agent.postgres.Observation;
import dev.holdfast.agent.postgres.PostgresEngine;
import dev.holdfast.agent.postgres.PostgresEngine.Done;
import dev.holdfast.agent.postgres.PostgresException;
import dev.holdfast.api.agent.AgentOrder;
import dev.holdfast.api.agent.OrderAction;
import dev.holdfast.api.agent.OrderAction.FenceMode;
import dev.holdfast.api.agent.PostgresRole;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.topology.Endpoint;
import java.util.Optional;

/** Carries orders out on the node's server. */
public final class PostgresWork implements OrderWork {

    private final PostgresEngine engine;

    public PostgresWork(PostgresEngine engine) {
        this.engine = engine;
    }

    @Override
    public boolean holds(AgentOrder order, AgentRecord record) throws PostgresException {
        long epoch = order.number().epoch();
        return switch (order.action()) {
            case OrderAction.Create _, OrderAction.Promote _ ->
                record.assignment()
                                .flatMap(Assignment::primarySince)
                                .filter(since -> since == epoch)
                                .isPresent()
                        && runsAs(PostgresRole.PRIMARY);
            case OrderAction.Detach _ ->
                !record.mayBePromoted()
                        && record.assignment().flatMap(Assignment::detachedIn).isPresent()
                        && engine.isDetached();
            case OrderAction.Follow(var _, var address) -> !record.mayBePromoted() && engine.follows(address);
            case OrderAction.Reinitialise(var _, var address) ->
                engine.clonedBy()
                                .map(OrderNumber::epoch)
                                .filter(by -> by == epoch)
                                .isPresent()
                        && engine.follows(address);
            case OrderAction.Fence _ -> engine.isFenced();
            case OrderAction.Resume _ ->
                record.assignment().isPresent()
                        && !record.mayBePromoted()
                        && runsAs(record.assignment().get().role())
                        && !engine.keepsClientsOut();
            case OrderAction.Synchronise(var synchronous) -> record.servesAsPrimary() && engine.areInForce(synchronous);
            case OrderAction.Verify _ -> record.isDone(order) && engine.hasLedgerRow(order.number());
        };
    }

    @Override
    public Result carryOut(AgentOrder order, AgentRecord record) throws PostgresException, InterruptedException {
        if (record.mayBePromoted() && takesBackAPromotion(order.action())) {
            engine.callOffPromotion();
        }
        return switch (order.action()) {
            case OrderAction.Create _ -> primary(engine.create());
            case OrderAction.Detach _ -> standby(engine.detach());
            case OrderAction.Promote(var synchronous) -> primary(engine.promote(synchronous));
            case OrderAction.Follow(var _, var address) -> standby(engine.follow(address, order.number()));
            case OrderAction.Reinitialise(var _, var address) -> standby(reinitialise(order.number(), address));
            case OrderAction.Synchronise(var synchronous) -> primary(engine.synchronise(synchronous));
            case OrderAction.Verify _ -> primary(engine.verify(order.number()));
            case OrderAction.Resume _ -> resume(record);
            case OrderAction.Fence(var mode) -> {
                Done done = engine.fence(mode == FenceMode.FAST);
                yield new Result(done.detail(), done.kept(), Optional.empty());
            }
        };
    }

    @Override
    public void fence() throws PostgresException, InterruptedException {
        engine.fence(true);
    }

    private static boolean takesBackAPromotion(OrderAction action) {
        return switch (action) {
            case OrderAction.Detach _, OrderAction.Follow _, OrderAction.Reinitialise _ -> true;
            case OrderAction.Create _,
                    OrderAction.Promote _,
                    OrderAction.Synchronise _,
                    OrderAction.Verify _,
                    OrderAction.Resume _,
                    OrderAction.Fence _ -> false;
        };
    }

    /** What was cloned in this epoch is above doubt, and needn't be cloned again. */
    private Done reinitialise(OrderNumber number, Endpoint address) throws PostgresException, InterruptedException {
        boolean cloned = engine.clonedBy()
                .map(OrderNumber::epoch)
                .filter(epoch -> epoch == number.epoch())
                .isPresent();
        return cloned ? engine.follow(address, number) : engine.reinitialise(address, number);
    }

    /** A node that no order has given a role has the one that its data have; so has one whose promotion nobody saw the end of. */
    private Result resume(AgentRecord record) throws PostgresException, InterruptedException {
        boolean byData = record.assignment().isEmpty() || record.mayBePromoted();
        boolean primary = byData ? engine.isPrimaryByItsData() : record.servesAsPrimary();
        return primary
                ? primary(engine.resumePrimary(record.assignment().flatMap(Assignment::synchronous)))
                : standby(engine.resumeStandby(
                        record.assignment().flatMap(Assignment::upstream).map(Assignment.Upstream::address)));
    }

    private boolean runsAs(PostgresRole role) throws PostgresException {
        return engine.isRunning() && role(engine.observe()) == role;
    }

    private static PostgresRole role(Observation seen) {
        return seen.inRecovery() ? PostgresRole.STANDBY : PostgresRole.PRIMARY;
    }

    private static Result primary(Done done) {
        return new Result(done.detail(), done.kept(), Optional.of(PostgresRole.PRIMARY));
    }

    private static Result standby(Done done) {
        return new Result(done.detail(), done.kept(), Optional.of(PostgresRole.STANDBY));
    }
}
