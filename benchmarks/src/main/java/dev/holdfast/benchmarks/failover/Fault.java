package dev.holdfast.benchmarks.failover;

import dev.holdfast.endtoend.SpreadDatabase;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What is done to a primary, and how it is undone once another has taken over. */
enum Fault {
    /** Agent, postmaster and its children are killed; the agent is started again after a while. */
    CRASH {
        @Override
        void strike(SpreadDatabase database, String primary) throws Exception {
            database.node(primary).crash();
        }

        @Override
        void repair(SpreadDatabase database, String primary, Timing timing) throws Exception {
            timing.sleep(AWAY);
            timing.repaired();
            database.repair(primary);
        }
    },

    /** The postmaster alone is killed; its agent lives and has to see to it. */
    POSTMASTER {
        @Override
        void strike(SpreadDatabase database, String primary) throws Exception {
            database.node(primary).killPostmaster();
        }

        @Override
        void repair(SpreadDatabase database, String primary, Timing timing) {
            timing.repaired();
        }
    },

    /** Every process of the node is stopped where it is, for a while, and then goes on as if nothing had been. */
    FREEZE {
        @Override
        void strike(SpreadDatabase database, String primary) throws Exception {
            database.node(primary).freeze();
        }

        @Override
        void repair(SpreadDatabase database, String primary, Timing timing) throws Exception {
            timing.sleep(timing.freeze());
            timing.repaired();
            database.node(primary).thaw();
        }
    },

    /** Nobody reaches the node any more, and it reaches nobody. */
    PARTITION {
        @Override
        void strike(SpreadDatabase database, String primary) throws Exception {
            database.network(primary).cut();
        }

        @Override
        void repair(SpreadDatabase database, String primary, Timing timing) throws Exception {
            timing.sleep(timing.partition());
            timing.repaired();
            database.network(primary).join();
        }
    },

    /** An operator asks another node to take over. */
    SWITCHOVER {
        @Override
        void strike(SpreadDatabase database, String primary) throws Exception {
            database.switchover();
        }

        @Override
        void repair(SpreadDatabase database, String primary, Timing timing) {
            timing.repaired();
        }
    };

    /** How long a crashed machine takes to come back. */
    private static final Duration AWAY = Duration.ofSeconds(5);

    abstract void strike(SpreadDatabase database, String primary) throws Exception;

    /** Called when another node has become primary. Tells the timing when the node could begin to come back. */
    abstract void repair(SpreadDatabase database, String primary, Timing timing) throws Exception;

    /** Of one run. */
    static final class Timing {

        private final Duration freeze;
        private final Duration partition;
        private final long struckAt = System.nanoTime();
        private long repairedAt;

        Timing(Duration freeze, Duration partition) {
            this.freeze = freeze;
            this.partition = partition;
        }

        /** From the strike on. */
        Duration freeze() {
            return freeze.minusNanos(System.nanoTime() - struckAt);
        }

        Duration partition() {
            return partition.minusNanos(System.nanoTime() - struckAt);
        }

        void sleep(Duration duration) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        }

        void repaired() {
            repairedAt = System.nanoTime();
        }

        Duration sinceRepair() {
            return Duration.ofNanos(System.nanoTime() - repairedAt);
        }
    }
}
