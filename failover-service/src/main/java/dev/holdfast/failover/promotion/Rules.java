package dev.holdfast.failover.promotion;

import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.Reign;
import dev.holdfast.model.replication.Synchronous;

/** The rules that safety hangs on, apart so that a test can break one and see that the others don't hide it. */
public class Rules {

    public static final Rules SOUND = new Rules();

    protected Rules() {}

    /** How many standbys have to be detached before another is promoted. */
    protected int toDetach(Synchronous claimed) {
        return claimed.toDetach();
    }

    /** Whether the settings that PostgreSQL was told may be claimed: in force, and met by everything before them. */
    protected boolean mayClaim(Reign reign, AgentReport primary) {
        return primary.accepted().step() >= reign.wantedStep()
                && primary.sender()
                        .filter(sender -> sender.inForce().equals(reign.wanted())
                                && reign.wanted().standbys().stream()
                                                .filter(node -> sender.flushed()
                                                                .getOrDefault(node, Lsn.ZERO)
                                                                .compareTo(sender.since())
                                                        >= 0)
                                                .count()
                                        >= reign.wanted().required())
                        .isPresent();
    }

    /** What is claimed from now on when PostgreSQL is about to be told {@code next}, and {@code claimed} was certain. */
    protected Synchronous claimBefore(Synchronous next, Synchronous claimed) {
        return next.implies(claimed) ? claimed : next;
    }

    /** Whether a node that may hold another timeline of the same number is kept out until it has been cloned. */
    protected boolean doubts() {
        return true;
    }
}
