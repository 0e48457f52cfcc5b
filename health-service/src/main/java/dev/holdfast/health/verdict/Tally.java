package dev.holdfast.health.verdict;

import dev.holdfast.model.health.NodeOpinion;
import dev.holdfast.model.health.Observer;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.health.Opinion;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The count of votes on one node.
 *
 * @param expected the observers that a majority is taken of: those declared, or those alive when these are more
 * @param voting observers that are alive and not isolated, whether or not they have an opinion on the node
 * @param up how many of these hold the node UP
 * @param down how many of these hold it DOWN
 */
public record Tally(int expected, int voting, int up, int down) {

    /** Counts the opinions of voting observers only; those of dead, isolated and unknown ones are left out. */
    public static Tally of(List<Observer> observers, List<NodeOpinion> opinions) {
        List<Observer> live = observers.stream().filter(Observer::live).toList();
        int declared = live.stream().mapToInt(Observer::declaredObservers).max().orElse(1);
        Set<ObserverId> voters =
                live.stream().filter(Observer::votes).map(Observer::id).collect(Collectors.toUnmodifiableSet());
        return new Tally(
                Math.max(declared, live.size()),
                voters.size(),
                count(opinions, voters, Opinion.UP),
                count(opinions, voters, Opinion.DOWN));
    }

    /** How many observers must agree: a majority of those expected, so that two of three lost leave too few. */
    public int quorum() {
        return expected / 2 + 1;
    }

    public boolean hasQuorum() {
        return voting >= quorum();
    }

    /** The counts in words, such as {@code "2 of 3 observers hold it UP, 1 DOWN; 2 must agree"}. */
    public String inWords() {
        return "%d of %d observers hold it UP, %d DOWN; %d must agree".formatted(up, expected, down, quorum());
    }

    private static int count(List<NodeOpinion> opinions, Set<ObserverId> voters, Opinion opinion) {
        return (int) opinions.stream()
                .filter(held -> held.opinion() == opinion && voters.contains(held.observer()))
                .map(NodeOpinion::observer)
                .distinct()
                .count();
    }
}
