package dev.holdfast.simulation;

import dev.holdfast.failover.promotion.OperatorRequest;
import dev.holdfast.model.health.HealthStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Breaks things at random times, one, or several at once, and mends them. */
final class Faults {

    private final World world;
    private boolean over;

    Faults(World world) {
        this.world = world;
    }

    void begin() {
        world.network.troubled = world.random.nextInt(3) > 0;
        world.schedule.after(500 + world.random.nextInt(500), this::next);
    }

    private void next() {
        if (over) {
            return;
        }
        breakSomething();
        world.schedule.after(100 + world.random.nextInt(world.random.nextInt(4) == 0 ? 300 : 2500), this::next);
    }

    private SimulatedNode anyNode() {
        // The primary is the one that matters most.
        return world.random.nextInt(2) == 0
                ? world.node(world.store.record().reign().primary())
                : world.nodes.get(world.random.nextInt(world.nodes.size()));
    }

    private void breakSomething() {
        SimulatedNode node = anyNode();
        long lasts = 200L + world.random.nextInt(4000);
        switch (world.random.nextInt(18)) {
            case 0, 1 -> {
                node.crashMachine();
                mend(lasts, node::boot);
            }
            case 2, 3 -> node.crashPostgres();
            case 4, 5 -> {
                node.freeze();
                mend(lasts, node::thaw);
            }
            case 6, 7 -> isolate(node, lasts);
            case 8, 9 -> cutSomeWays(lasts);
            case 10 -> {
                node.diskFull = true;
                mend(lasts, () -> node.diskFull = false);
            }
            case 11 -> {
                node.hangsOnPromotion = true;
                mend(lasts, () -> node.hangsOnPromotion = false);
            }
            case 12 -> node.diesOnPromotion = true;
            case 13 -> node.rewindFails = world.random.nextBoolean();
            case 14 -> {
                HealthStatus wrong = world.random.nextBoolean() ? HealthStatus.UNHEALTHY : HealthStatus.UNKNOWN;
                world.story.tell(() -> "the verdict on " + node.name + " is " + wrong + ", wrongly");
                world.wrongVerdicts.put(node.id, wrong);
                mend(lasts, () -> world.wrongVerdicts.remove(node.id));
            }
            case 15 -> {
                SimulatedController controller = world.controllers.get(world.random.nextInt(world.controllers.size()));
                world.story.tell(() -> controller.name + " stalls for " + lasts + " ms");
                controller.stalledUntil = world.now() + lasts;
            }
            case 16 -> {
                world.story.tell(() -> "the store is away");
                world.store.away = true;
                mend(lasts, () -> world.store.away = false);
            }
            default -> ask(node);
        }
    }

    private void ask(SimulatedNode node) {
        long epoch = world.store.record().number().epoch();
        OperatorRequest request = world.random.nextInt(3) > 0
                ? new OperatorRequest.Switchover(epoch, "alice", Optional.empty(), "")
                : new OperatorRequest.Failover(epoch, "alice", Optional.empty(), false, "a drill");
        world.story.tell(() -> "asked: " + request);
        world.store.request = Optional.of(request);
        if (world.random.nextInt(3) == 0) {
            world.schedule.after(300, () -> {
                if (!over) {
                    world.store.request = Optional.of(new OperatorRequest.Cancel(
                            world.store.record().number().epoch(), "alice"));
                }
            });
        }
        if (world.random.nextInt(3) == 0) {
            world.schedule.after(world.random.nextInt(400), node::crashPostgres);
        }
    }

    private void mend(long after, Runnable work) {
        world.schedule.after(after, work);
    }

    /** Cuts the node off from everything, or only from controllers and observers, or only one way. */
    private void isolate(SimulatedNode node, long lasts) {
        int kind = world.random.nextInt(3);
        world.story.tell(() -> node.name + " is cut off, kind " + kind);
        List<String> ends = new ArrayList<>();
        if (kind == 0) {
            world.nodes.forEach(other -> ends.add(other.name));
        }
        world.controllers.forEach(controller -> ends.add(controller.name));
        for (int observer = 1; observer <= 3; observer++) {
            ends.add("observer-" + observer);
        }
        for (String end : ends) {
            if (kind != 2) {
                cut(end, node.name, lasts);
            }
            cut(node.name, end, lasts);
        }
    }

    private void cutSomeWays(long lasts) {
        List<String> ends = new ArrayList<>();
        world.nodes.forEach(other -> ends.add(other.name));
        world.controllers.forEach(controller -> ends.add(controller.name));
        for (int count = 1 + world.random.nextInt(6); count > 0; count--) {
            String from = ends.get(world.random.nextInt(ends.size()));
            String to = ends.get(world.random.nextInt(ends.size()));
            world.story.tell(() -> "cut from " + from + " to " + to);
            cut(from, to, lasts);
        }
    }

    private void cut(String from, String to, long lasts) {
        world.network.cut(from, to);
        mend(lasts, () -> world.network.mend(from, to));
    }

    /** Everything is mended, and nothing more breaks. */
    void end() {
        over = true;
        world.story.tell(() -> "the faults end");
        world.network.troubled = false;
        world.network.mendAll();
        world.store.away = false;
        world.wrongVerdicts.clear();
        world.store.request = Optional.empty();
        for (SimulatedController controller : world.controllers) {
            controller.stalledUntil = Math.min(controller.stalledUntil, world.now());
        }
        for (SimulatedNode node : world.nodes) {
            node.thaw();
            node.diskFull = false;
            node.hangsOnPromotion = false;
            node.diesOnPromotion = false;
            node.boot();
        }
    }
}
