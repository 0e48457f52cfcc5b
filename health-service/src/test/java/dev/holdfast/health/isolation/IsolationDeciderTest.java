package dev.holdfast.health.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.health.isolation.Isolation.Connected;
import dev.holdfast.health.isolation.Isolation.CutOff;
import dev.holdfast.health.isolation.Isolation.InDoubt;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class IsolationDeciderTest {

    private static final IsolationSettings SETTINGS = new IsolationSettings(Duration.ofSeconds(10), 3);

    private static final Duration NOW = Duration.ofSeconds(100);

    private static final Duration FAILING_SINCE = Duration.ofSeconds(98);

    @Property
    void moreThanHalfFailingSuddenlyIsACutAndHalfIsNot(
            @ForAll @IntRange(max = 20) int failing, @ForAll @IntRange(max = 20) int fine) {
        Isolation decided = decide(false, true, sights(failing, fine, 0));
        boolean cut = failing + fine >= 3 && failing > fine;
        assertThat(decided)
                .isEqualTo(cut ? new CutOff(failing, failing + fine) : new Connected(failing, failing + fine));
    }

    @Property
    void anIsolatedObserverRejoinsWhenAtMostHalfFail(
            @ForAll @IntRange(max = 20) int failing, @ForAll @IntRange(max = 20) int fine) {
        assertThat(decide(true, false, sights(failing, fine, 0)) instanceof Connected)
                .isEqualTo(failing <= fine);
    }

    @Property
    void itIsNeverTakenForConnectedWhileTheUncheckedCouldTipIt(
            @ForAll @IntRange(max = 10) int failing,
            @ForAll @IntRange(max = 10) int fine,
            @ForAll @IntRange(min = 1, max = 10) int unchecked) {
        Isolation decided = decide(false, true, sights(failing, fine, unchecked));
        if (decided instanceof Connected && failing + fine + unchecked >= 3) {
            assertThat(failing + unchecked).isLessThanOrEqualTo(fine);
        }
        if (decided instanceof InDoubt inDoubt) {
            assertThat(inDoubt.lookAt()).hasSize(unchecked);
        }
    }

    @Example
    void whenPatienceIsOverItDecidesOnWhatWasChecked() {
        assertThat(decide(false, false, sights(3, 2, 6))).isInstanceOf(CutOff.class);
        assertThat(decide(false, false, sights(2, 3, 6))).isInstanceOf(Connected.class);
    }

    @Example
    void nodesThatFailedLongAgoDontMakeACut() {
        List<Sight> sights = new ArrayList<>(sights(1, 1, 0));
        for (int i = 0; i < 5; i++) {
            sights.add(sight("old-" + i, Optional.of(Duration.ofSeconds(50)), NOW));
        }
        assertThat(decide(false, true, sights)).isInstanceOf(Connected.class);
    }

    @Example
    void anObserverThatHasNotLookedSinceDoesNotRejoin() {
        assertThat(decide(true, false, sights(0, 1, 2))).isInstanceOf(CutOff.class);
        assertThat(decide(true, false, List.of())).isInstanceOf(Connected.class);
    }

    @Example
    void anIsolatedObserverRejoinsWhenMostNodesAreLostForGoodAndOthersKeepAnswering() {
        List<Sight> lost = lost(6, Duration.ofSeconds(69));
        assertThat(decide(true, false, with(lost, answering("fine", Duration.ofSeconds(60)))))
                .isEqualTo(new Connected(6, 7));
        assertThat(decide(true, false, lost)).as("nothing answers").isInstanceOf(CutOff.class);
        assertThat(decide(true, false, with(lost, answering("fine", Duration.ofSeconds(80)))))
                .as("something has begun to answer only now")
                .isInstanceOf(CutOff.class);
        assertThat(decide(
                        true, false, with(lost(6, Duration.ofSeconds(80)), answering("fine", Duration.ofSeconds(60)))))
                .as("they have not failed for long")
                .isInstanceOf(CutOff.class);
        Sight unchecked = sight("fine", Optional.empty(), Duration.ofSeconds(90));
        assertThat(decide(true, false, with(lost, unchecked)))
                .as("what answers was not asked since")
                .isInstanceOf(CutOff.class);
    }

    @Example
    void anIsolatedObserverDoesNotRejoinWhileMostOfTheOthersFailOnAndOff() {
        List<Sight> sights = with(lost(6, Duration.ofSeconds(60)), answering("fine", Duration.ofSeconds(60)));
        sights.add(sight("flaky-1", Optional.of(FAILING_SINCE), FAILING_SINCE));
        assertThat(decide(true, false, sights)).isInstanceOf(Connected.class);
        sights.add(sight("flaky-2", Optional.of(FAILING_SINCE), FAILING_SINCE));
        assertThat(decide(true, false, sights)).isInstanceOf(CutOff.class);
    }

    private static List<Sight> lost(int count, Duration since) {
        List<Sight> sights = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sights.add(sight("lost-" + i, Optional.of(since), Duration.ofSeconds(99)));
        }
        return sights;
    }

    private static Sight answering(String node, Duration since) {
        return new Sight(
                new NodeId(node),
                Optional.empty(),
                Optional.of(since),
                Optional.of(Duration.ofSeconds(99)),
                SETTINGS.window());
    }

    private static List<Sight> with(List<Sight> sights, Sight another) {
        List<Sight> all = new ArrayList<>(sights);
        all.add(another);
        return all;
    }

    private static Isolation decide(boolean isolated, boolean patient, List<Sight> sights) {
        return IsolationDecider.decide(new IsolationSnapshot(NOW, isolated, FAILING_SINCE, patient, sights, SETTINGS));
    }

    private static List<Sight> sights(int failing, int fine, int unchecked) {
        List<Sight> sights = new ArrayList<>();
        for (int i = 0; i < failing; i++) {
            sights.add(sight("failing-" + i, Optional.of(FAILING_SINCE), FAILING_SINCE));
        }
        for (int i = 0; i < fine; i++) {
            sights.add(sight("fine-" + i, Optional.empty(), Duration.ofSeconds(99)));
        }
        for (int i = 0; i < unchecked; i++) {
            sights.add(sight("unchecked-" + i, Optional.empty(), Duration.ofSeconds(90)));
        }
        return sights;
    }

    private static Sight sight(String node, Optional<Duration> failingSince, Duration checkedAt) {
        Optional<Duration> answeringSince = failingSince.isPresent() ? Optional.empty() : Optional.of(Duration.ZERO);
        return new Sight(new NodeId(node), failingSince, answeringSince, Optional.of(checkedAt), SETTINGS.window());
    }
}
