package dev.holdfast.simulation;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/** Carries messages late, twice, in another order, or not at all; cut in one direction or both. */
final class Network {

    private record Way(String from, String to) {}

    private final Schedule schedule;
    private final Random random;
    private final Set<Way> cut = new HashSet<>();
    boolean troubled;

    Network(Schedule schedule, Random random) {
        this.schedule = schedule;
        this.random = random;
    }

    void send(String from, String to, Runnable delivery) {
        if (troubled && random.nextInt(50) == 0) {
            return;
        }
        deliver(from, to, delivery);
        if (troubled && random.nextInt(50) == 0) {
            deliver(from, to, delivery);
        }
    }

    private void deliver(String from, String to, Runnable delivery) {
        long delay = 1L + random.nextInt(4);
        if (troubled && random.nextInt(40) == 0) {
            delay += random.nextInt(random.nextInt(5) == 0 ? 3000 : 200);
        }
        schedule.after(delay, () -> {
            if (reaches(from, to)) {
                delivery.run();
            }
        });
    }

    boolean reaches(String from, String to) {
        return cut.isEmpty() || !cut.contains(new Way(from, to));
    }

    void cut(String from, String to) {
        cut.add(new Way(from, to));
    }

    void mend(String from, String to) {
        cut.remove(new Way(from, to));
    }

    void mendAll() {
        cut.clear();
    }
}
