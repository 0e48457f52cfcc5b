package dev.holdfast.health.isolation;

import dev.holdfast.health.isolation.Isolation.Connected;
import dev.holdfast.health.isolation.Isolation.CutOff;
import dev.holdfast.health.isolation.Isolation.InDoubt;
import java.util.List;

/**
 * Tells a cut of the observer's own network from the failure of nodes.
 *
 * <p>A cut shows in failing checks long before the first node has failed often enough to be DOWN, so it counts nodes that
 * have begun to fail, and it is asked before each opinion turns DOWN: none slips out ahead of it. Only checks
 * made since the failure in question began are evidence. While the others could still tip the balance it is in
 * doubt and asks for them, and only when its patience is over it makes do with those that it has.
 *
 * <p>An isolated observer rejoins when at least half of what it holds UP has answered since. It also rejoins when nodes that
 * have failed without a break for long are all that is missing for that, while another has answered every check for as
 * long: a network that is cut for that long and lets some nodes through is less likely than nodes lost for good, and an
 * observer that waited for them would wait for ever.
 */
public final class IsolationDecider {

    private IsolationDecider() {}

    public static Isolation decide(IsolationSnapshot snapshot) {
        return snapshot.isolated() ? whetherToRejoin(snapshot) : whetherCutOff(snapshot);
    }

    private static Isolation whetherCutOff(IsolationSnapshot snapshot) {
        List<Sight> sights = snapshot.sights();
        int held = sights.size();
        int failing = (int) sights.stream()
                .filter(sight -> sight.failsSuddenly(snapshot.now()))
                .count();
        if (held < snapshot.settings().minimumTargets()) {
            return new Connected(failing, held);
        }
        if (isMajority(failing, held)) {
            return new CutOff(failing, held);
        }
        List<Sight> unchecked = sights.stream()
                .filter(sight -> !sight.failsSuddenly(snapshot.now()) && !sight.checkedSince(snapshot.doubtSince()))
                .toList();
        if (!isMajority(failing + unchecked.size(), held)) {
            return new Connected(failing, held);
        }
        if (snapshot.patient()) {
            return new InDoubt(unchecked.stream().map(Sight::node).toList());
        }
        int checked = held - unchecked.size();
        return isMajority(failing, checked) ? new CutOff(failing, held) : new Connected(failing, held);
    }

    private static Isolation whetherToRejoin(IsolationSnapshot snapshot) {
        int held = snapshot.sights().size();
        int failing = (int) snapshot.sights().stream()
                .filter(sight -> sight.failingSince().isPresent() || !sight.checkedSince(snapshot.doubtSince()))
                .count();
        if (!isMajority(failing, held)) {
            return new Connected(failing, held);
        }
        int lost = (int) snapshot.sights().stream()
                .filter(sight -> sight.failsLastingly(snapshot.now()))
                .count();
        boolean others = snapshot.sights().stream()
                .anyMatch(sight -> sight.checkedSince(snapshot.doubtSince()) && sight.answersLastingly(snapshot.now()));
        return others && !isMajority(failing - lost, held - lost)
                ? new Connected(failing, held)
                : new CutOff(failing, held);
    }

    private static boolean isMajority(int part, int whole) {
        return part * 2 > whole;
    }
}
