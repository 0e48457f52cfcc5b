package dev.holdfast.simulation;

import dev.holdfast.failover.promotion.AgentReport;
import dev.holdfast.failover.promotion.Rules;
import dev.holdfast.model.replication.Reign;
import dev.holdfast.model.replication.Synchronous;

/** Rules with one broken each: the simulation has to notice. */
enum BrokenRules {
    DETACHES_ONE_TOO_FEW(new Rules() {
        @Override
        protected int toDetach(Synchronous claimed) {
            return Math.max(1, claimed.toDetach() - 1);
        }
    }),
    STRENGTHENS_THE_STORE_FIRST(new Rules() {
        @Override
        protected Synchronous claimBefore(Synchronous next, Synchronous claimed) {
            return next;
        }
    }),
    CLAIMS_UNSEEN(new Rules() {
        @Override
        protected boolean mayClaim(Reign reign, AgentReport primary) {
            return true;
        }
    }),
    /** What DESIGN says: claim what is in force. Rows from before may be on a standby that no longer counts. */
    CLAIMS_WHAT_IS_IN_FORCE(new Rules() {
        @Override
        protected boolean mayClaim(Reign reign, AgentReport primary) {
            return primary.accepted().step() >= reign.wantedStep()
                    && primary.sender()
                            .filter(sender -> sender.inForce().equals(reign.wanted()))
                            .isPresent();
        }
    }),
    TRUSTS_TIMELINE_NUMBERS(new Rules() {
        @Override
        protected boolean doubts() {
            return false;
        }
    });

    @SuppressWarnings("ImmutableEnumChecker") // They hold nothing.
    private final Rules rules;

    BrokenRules(Rules rules) {
        this.rules = rules;
    }

    Rules rules() {
        return rules;
    }
}
