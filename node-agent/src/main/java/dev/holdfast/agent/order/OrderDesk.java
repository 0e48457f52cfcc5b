package dev.holdfast.agent.order;

import dev.holdfast.agent.postgres.PostgresException;
import dev.holdfast.api.agent.AgentOrder;
import dev.holdfast.api.agent.OrderAnswer;
import dev.holdfast.api.agent.OrderOutcome;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import java.io.IOException;
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
 * does by itself. A later epoch, or a fence, calls off what is being done. Safe for use by several threads.
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

    /** Carries the order out, or throws a {@link ProblemException} that says why not; then nothing was done. */
    public OrderAnswer submit(AgentOrder order) throws InterruptedException {
        Task task;
        synchronized (this) {
            Task current = running;
            Optional<AgentOrder> currentOrder = Optional.ofNullable(current).flatMap(Task::order);
            switch (OrderRules.judge(record, currentOrder, order)) {
                case Verdict.Refused(var code, var reason) -> throw new ProblemException(code, reason);
                case Verdict.Repeated(var answer) -> {
                    return answer;
                }
                case Verdict.Joined() -> task = Objects.requireNonNull(current);
                case Verdict.Accepted(var next) -> {
                    persist(next, order);
                    log.info("order {} of epoch {}: {}", order.id(), order.epoch(), order.action());
                    task = begin(Optional.of(order), () -> carryOut(order));
                }
            }
        }
        return task.answerWithin(wait)
                .orElseGet(() -> OrderAnswer.of(order, OrderOutcome.IN_PROGRESS, "being carried out"));
    }

    /** Goes on where an agent that was killed left off. */
    public synchronized void resumeAfterRestart() {
        record.last()
                .filter(last -> last.answer().outcome() == OrderOutcome.IN_PROGRESS)
                .map(AgentRecord.Handled::order)
                .ifPresent(order -> {
                    if (OrderRules.isResumedAfterRestart(order.action())) {
                        log.info("goes on with order {} of epoch {}", order.id(), order.epoch());
                        begin(Optional.of(order), () -> carryOut(order));
                    } else {
                        finish(
                                OrderAnswer.of(
                                        order,
                                        OrderOutcome.FAILED,
                                        "the agent was restarted meanwhile; repeat the order if it still holds"),
                                Optional.empty());
                    }
                });
    }

    /** Stops the server for a reason of the agent's own. Unlike an order it is obeyed even if it can't be made durable. */
    public synchronized void fenceSelf(String reason) {
        if (record.fenced().isPresent()) {
            return;
        }
        log.warn("fences itself in epoch {}: {}", record.epoch(), reason);
        save(record.fencedFor(reason));
        begin(Optional.empty(), () -> {
            work.fence();
            return Optional.empty();
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
            return Optional.empty();
        });
        return true;
    }

    private interface Body {
        Optional<OrderAnswer> run() throws PostgresException, InterruptedException;
    }

    /** What is being done. */
    private static final class Task {

        private final Optional<AgentOrder> order;
        private final CompletableFuture<Optional<OrderAnswer>> end = new CompletableFuture<>();
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

        Optional<OrderAnswer> answerWithin(Duration limit) throws InterruptedException {
            try {
                return end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                return Optional.empty();
            } catch (ExecutionException e) {
                throw new IllegalStateException("tasks end with an answer", e);
            }
        }
    }

    private void persist(AgentRecord next, AgentOrder order) {
        try {
            store.save(next);
            record = next;
        } catch (IOException e) {
            log.error("order {} is refused, because the record can't be written", order.id(), e);
            throw new ProblemException(
                    ProblemCode.EPOCH_NOT_PERSISTED,
                    "The agent's record can't be written, so the order was not begun: " + e.getMessage());
        }
    }

    /** What can't be written holds while this process lives; after a restart the older record is the more careful one. */
    private void save(AgentRecord next) {
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
        Optional<OrderAnswer> answer = Optional.empty();
        try {
            before.ifPresent(earlier -> earlier.end.join());
            answer = body.run();
        } catch (PostgresException e) {
            log.warn("{}", e.getMessage(), e);
            answer =
                    task.order.map(order -> OrderAnswer.of(order, OrderOutcome.FAILED, String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            answer = task.order.map(
                    order -> OrderAnswer.of(order, OrderOutcome.SUPERSEDED, "called off by a later order"));
        } catch (RuntimeException e) {
            log.error("an unexpected failure", e);
            answer = task.order.map(order -> OrderAnswer.of(order, OrderOutcome.FAILED, "unexpected: " + e));
        } finally {
            end(task, answer);
        }
    }

    private synchronized void end(Task task, Optional<OrderAnswer> answer) {
        answer.ifPresent(given -> finish(given, task.order));
        if (running == task) {
            running = null;
        }
        task.end.complete(answer);
    }

    /** An order that was superseded after it was done doesn't give the node a role any more. */
    private void finish(OrderAnswer answer, Optional<AgentOrder> order) {
        boolean isLast = record.last()
                .filter(last -> last.order().id().equals(answer.id())
                        && last.order().epoch().equals(answer.epoch()))
                .isPresent();
        AgentRecord next = record.answered(answer);
        if (isLast && answer.outcome() == OrderOutcome.DONE && order.isPresent()) {
            next = OrderRules.done(next, order.get());
        }
        log.info("order {} of epoch {}: {}, {}", answer.id(), answer.epoch(), answer.outcome(), answer.detail());
        save(next);
    }

    private Optional<OrderAnswer> carryOut(AgentOrder order) throws PostgresException, InterruptedException {
        return Optional.of(work.carryOut(order, record));
    }
}
