package dev.holdfast.simulation;

import dev.holdfast.failover.promotion.Rules;
import dev.holdfast.model.replication.OrderNumber;

/**
 * What a run is made with. Only tests that break something on purpose change it.
 *
 * @param check how agents treat the number of an order
 */
record Options(Rules rules, Check check) {

    static final Options SOUND = new Options(Rules.SOUND, Check.EPOCH_AND_STEP);

    enum Check {
        EPOCH_AND_STEP,
        /** An older order of the same epoch is carried out. */
        EPOCH_ONLY,
        NOTHING
    }

    /** Whether the agent refuses the order. */
    boolean agentsCheck(OrderNumber number, OrderNumber accepted) {
        return switch (check) {
            case EPOCH_AND_STEP -> number.compareTo(accepted) < 0;
            case EPOCH_ONLY -> number.epoch() < accepted.epoch();
            case NOTHING -> false;
        };
    }
}
