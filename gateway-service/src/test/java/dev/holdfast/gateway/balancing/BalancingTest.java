package dev.holdfast.gateway.balancing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.gateway.ejection.EjectedNodes;
import dev.holdfast.gateway.routing.RoutedCluster;
import dev.holdfast.gateway.routing.Target;
import dev.holdfast.gateway.routing.TestClusters;
import dev.holdfast.model.topology.Balancing;
import dev.holdfast.model.topology.BalancingPolicy;
import dev.holdfast.model.topology.Ejection;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BalancingTest {

    @Property(tries = 200)
    void everyRoundGivesEachTargetItsWeight(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 9) Integer> weights) {
        List<Target> targets = targets(weights);
        WeightedRoundRobin policy = new WeightedRoundRobin(targets, null);
        int round = weights.stream().mapToInt(Integer::intValue).sum();
        for (int i = 0; i < 3; i++) {
            Map<Target, Integer> picks = new HashMap<>();
            for (int pick = 0; pick < round; pick++) {
                picks.merge(policy.pick(target -> true), 1, Integer::sum);
            }
            assertThat(targets)
                    .allSatisfy(target -> assertThat(picks.get(target)).isEqualTo(target.weight()));
        }
    }

    @Property(tries = 200)
    void noTargetRunsFarAheadOfItsShare(
            @ForAll @Size(min = 2, max = 8) List<@IntRange(min = 1, max = 9) Integer> weights) {
        List<Target> targets = targets(weights);
        WeightedRoundRobin policy = new WeightedRoundRobin(targets, null);
        double sum = weights.stream().mapToInt(Integer::intValue).sum();
        Map<Target, Integer> picks = new HashMap<>();
        for (int pick = 1; pick <= 2 * sum; pick++) {
            picks.merge(policy.pick(target -> true), 1, Integer::sum);
            for (Target target : targets) {
                double share = pick * target.weight() / sum;
                assertThat(picks.getOrDefault(target, 0)).isLessThanOrEqualTo((int) Math.ceil(share) + targets.size());
            }
        }
    }

    @Test
    void goesOnWhereItWasWhenATargetLeaves() {
        List<Target> three = targets(List.of(1, 1, 1));
        WeightedRoundRobin before = new WeightedRoundRobin(three, null);
        Target first = before.pick(target -> true);
        WeightedRoundRobin after = new WeightedRoundRobin(three.subList(0, 2), before);
        assertThat(after.pick(target -> true)).isNotEqualTo(first);
    }

    @Test
    void leastRequestAvoidsTheBusyNodeAndKeepsToWeights() {
        List<Target> targets = targets(List.of(1, 1, 2));
        Random random = new Random(42);
        LeastRequest policy = new LeastRequest(targets, node -> node.value().equals("t0") ? 100 : 1, () -> random);
        Map<Target, Integer> picks = new HashMap<>();
        for (int i = 0; i < 4000; i++) {
            picks.merge(policy.pick(target -> true), 1, Integer::sum);
        }
        assertThat(picks.getOrDefault(targets.get(0), 0)).isZero();
        assertThat(picks.get(targets.get(2))).isGreaterThan(picks.get(targets.get(1)));
        assertThat(policy.pick(target -> false)).isNull();
    }

    @Property(tries = 500)
    void panicsExactlyBelowTheThreshold(
            @ForAll @IntRange(max = 10) int size,
            @ForAll @IntRange(max = 10) int healthy,
            @ForAll @IntRange(max = 100) int threshold) {
        RoutedCluster cluster = TestClusters.cluster(
                TestClusters.settings(new Balancing(BalancingPolicy.WEIGHTED_ROUND_ROBIN, threshold), Ejection.DEFAULT),
                size,
                Math.min(size, healthy));
        Candidates candidates = Candidates.of(cluster, EjectedNodes.NONE);
        int available = Math.min(size, healthy);
        assertThat(candidates.panic()).isEqualTo(available * 100 < threshold * size);
        assertThat(candidates.targets()).hasSize(candidates.panic() ? size : available);
        if (!candidates.panic()) {
            assertThat(candidates.targets()).allMatch(Target::healthy);
        }
    }

    private static List<Target> targets(List<Integer> weights) {
        return IntStream.range(0, weights.size())
                .mapToObj(i -> new Target(
                        new NodeId("t" + i),
                        new RegionId("r"),
                        new ZoneId("z" + i % 2),
                        new Endpoint("127.0.0.1", 1 + i),
                        weights.get(i),
                        true))
                .toList();
    }
}
