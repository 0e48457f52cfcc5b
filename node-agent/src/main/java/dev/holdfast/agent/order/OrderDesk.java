package dev.holdfast.agent.order;

import dev.holdfast.agent.postgres.PostgresException;
import dev.holdfast.api.agent.AgentOrder;
import dev.holdfast.api.agent.OrderAnswer;
import dev.holdfast.api.agent.OrderOutcome;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes orders: makes each durable before it is carried out, and lets one thing be done at a time, also of what the agent
 * does by itself. An order that repeats, maybe under a higher step, what is being done waits for it; what holds already is
 * answered after a look. Safe for use by several threads.
 */
public final class OrderDesk {

    private static final Logger log = LoggerFactory.getLogger(OrderDesk.class);

    private final RecordStore store;
    private final OrderWork work;
    private final Duration wait;
    private final ThreadFactory threads;
    private volatile AgentRecord record;
    private @Nullable Task running;

    /** @param wait how long a sender waits for its order to be done before it is told that it is in progress */
    public OrderDesk(RecordStore store, OrderWork work, Duration wait, ThreadFactory threads) throws IOException {
        this.store = store;
        this.work = work;
        this.wait = wait;
        this.threads = threads;
        this.record = store.load();
    }

    public AgentRecord record() {
        return record;
    }

    public synchronized boolean isIdle() {
        return running == null;
    }

    /**
     * Sees to it that what the order asks for holds, or throws a {@link ProblemException} that says why not; then nothing was
     * done. The answer is without a report.
     */
    public OrderAnswer submit(AgentOrder order) throws InterruptedException {
        Task task;
        synchronized (this) {
            Task current = running;
            Optional<AgentOrder> currentOrder = Optional.ofNullable(current).flatMap(Task::order);
            switch (OrderRules.judge(record, currentOrder, order)) {
                case Verdict.Refused(var code, var reason) -> throw new ProblemException(code, reason);
                case Verdict.Declined(var next, var reason) -> {
                    persist(next, order);
                    return OrderAnswer.of(order, OrderOutcome.FAILED, reason);
                }
                case Verdict.Joined(var next) -> {
                    persist(next, order);
                    task = Objects.requireNonNull(current);
                    task.order = Optional.of(order);
                }
                case Verdict.Accepted(var next) -> {
                    if (!next.equals(record)) {
                        log.info("order {}: {}", order.number(), order.action());
                    }
                    persist(next, order);
                    task = begin(Optional.of(order), () -> carryOut(order));
                }
            }
        }
        return task.endWithin(wait)
                .map(end -> end.answer(order))
                .orElseGet(() -> OrderAnswer.of(order, OrderOutcome.IN_PROGRESS, "being carried out"));
    }

    /** Goes on where an agent that was killed left off. */
    public synchronized void resumeAfterRestart() {
        record.last()
                .filter(last -> last.answer().outcome() == OrderOutcome.IN_PROGRESS)
                .map(AgentRecord.Handled::order)
                .ifPresent(order -> {
                    if (OrderRules.isResumedAfterRestart(order.action())) {
                        log.info("goes on with order {}: {}", order.number(), order.action());
                        begin(Optional.of(order), () -> carryOut(order));
                    } else {
                        finish(
                                End.without(
                                        OrderOutcome.FAILED,
                                        "the agent was restarted meanwhile; repeat the order if it still holds"),
                                order);
                    }
                });
    }

    /** Stops the server for a reason of the agent's own. Unlike an order it is obeyed even if it can't be made durable. */
    public synchronized void fenceSelf(String reason) {
        if (record.fenced().isPresent()) {
            return;
        }
        log.warn("fences itself, having accepted {}: {}", record.accepted(), reason);
        save(record.fencedFor(reason));
        begin(Optional.empty(), () -> {
            work.fence();
            return End.without(OrderOutcome.DONE, reason);
        });
    }

    /** Something that the agent does by itself. */
    @FunctionalInterface
    public interface Upkeep {
        void run(AgentRecord record) throws PostgresException, InterruptedException;
    }

    /** Does something unless something is being done; any order calls it off. Returns whether it was begun. */
    public synchronized boolean whenIdle(String what, Upkeep upkeep) {
        if (running != null) {
            return false;
        }
        log.info("does by itself: {}", what);
        begin(Optional.empty(), () -> {
            try {
                upkeep.run(record);
            } catch (PostgresException e) {
                log.warn("{}: {}", what, e.getMessage());
            }
            return End.without(OrderOutcome.DONE, what);
        });
        return true;
    }

    private interface Body {
        End run() throws PostgresException, InterruptedException;
    }

    /** How something that was done ended. */
    private record End(OrderOutcome outcome, OrderWork.Result result) {

        static End without(OrderOutcome outcome, String detail) {
            return new End(outcome, new OrderWork.Result(detail, Optional.empty(), Optional.empty()));
        }

        OrderAnswer answer(AgentOrder order) {
            return new OrderAnswer(
                    order.number(), outcome, result.detail(), result.kept().map(Path::toString), Optional.empty());
        }
    }

    /** What is being done. */
    private static final class Task {

        /** Empty for what the agent does by itself; another one when the order is repeated under a higher number. */
        private volatile Optional<AgentOrder> order;

        private final CompletableFuture<End> end = new CompletableFuture<>();
        private @Nullable Thread thread;

        Task(Optional<AgentOrder> order) {
            this.order = order;
        }

        Optional<AgentOrder> order() {
            return order;
        }

        void callOff() {
            if (thread != null) {
                thread.interrupt();
            }
        }

        Optional<End> endWithin(Duration limit) throws InterruptedException {
            try {
                return Optional.of(end.get(limit.toMillis(), TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                return Optional.empty();
            } catch (ExecutionException e) {
                throw new IllegalStateException("tasks end with an answer", e);
            }
        }
    }

    private void persist(AgentRecord next, AgentOrder order) {
        if (next.equals(record)) {
            return;
        }
        try {
            store.save(next);
            record = next;
        } catch (IOException e) {
            log.error("order {} is refused, because the record can't be written", order.number(), e);
            throw new ProblemException(
                    ProblemCode.ORDER_NOT_PERSISTED,
                    "The agent's record can't be written, so the order was not begun: " + e.getMessage());
        }
    }

    /** What can't be written holds while this process lives; after a restart the older record is the more careful one. */
    private void save(AgentRecord next) {
        if (next.equals(record)) {
            return;
        }
        record = next;
        try {
            store.save(next);
        } catch (IOException e) {
            log.error("the agent's record can't be written", e);
        }
    }

    private Task begin(Optional<AgentOrder> order, Body body) {
        Optional<Task> before = Optional.ofNullable(running);
        Task task = new Task(order);
        running = task;
        Thread thread = threads.newThread(() -> run(task, before, body));
        task.thread = thread;
        before.ifPresent(Task::callOff);
        thread.start();
        return task;
    }

    private void run(Task task, Optional<Task> before, Body body) {
        End end = End.without(OrderOutcome.FAILED, "it was not begun");
        try {
            before.ifPresent(earlier -> earlier.end.join());
            end = body.run();
        } catch (PostgresException e) {
            log.warn("{}", e.getMessage(), e);
            end = End.without(OrderOutcome.FAILED, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            end = End.without(OrderOutcome.SUPERSEDED, "called off by a later order");
        } catch (RuntimeException e) {
            log.error("an unexpected failure", e);
            end = End.without(OrderOutcome.FAILED, "unexpected: " + e);
        } finally {
            end(task, end);
        }
    }

    private synchronized void end(Task task, End end) {
        task.order.ifPresent(order -> finish(end, order));
        if (running == task) {
            running = null;
        }
        task.end.complete(end);
    }

    /** An order that was superseded after it was done doesn't give the node a role any more. */
    private void finish(End end, AgentOrder order) {
        if (!record.isLast(order)) {
            return;
        }
        boolean done = end.outcome() == OrderOutcome.DONE;
        AgentRecord next = record;
        if (!done || !record.isDone(order)) {
            log.info(
                    "order {}: {}, {}",
                    order.number(),
                    end.outcome(),
                    end.result().detail());
            next = record.answered(order, end.answer(order));
        }
        save(done ? OrderRules.done(next, order, end.result().runsAs()) : next);
    }

    private End carryOut(AgentOrder order) throws PostgresException, InterruptedException {
        AgentRecord now = record;
        if (holds(order, now)) {
            return End.without(OrderOutcome.DONE, "holds already");
        }
        return new End(OrderOutcome.DONE, work.carryOut(order, now));
    }

    private boolean holds(AgentOrder order, AgentRecord now) throws InterruptedException {
        try {
            return work.holds(order, now);
        } catch (PostgresException e) {
            log.debug("{}", e.getMessage());
            return false; // What can't be seen is seen to.
        }
    }
}
