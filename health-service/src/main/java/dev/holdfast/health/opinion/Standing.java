package dev.holdfast.health.opinion;

import dev.holdfast.model.health.Opinion;
import java.time.Duration;
import java.util.Optional;

/**
 * What one observer knows of one node.
 *
 * @param opinion what it holds; empty until the checks justify one
 * @param run the newest checks that ended alike; empty before the first
 * @param flapping how often of late a short run of successes broke, 0 to {@link OpinionRule#MAX_FLAPPING}
 */
public record Standing(Optional<Opinion> opinion, Optional<Run> run, int flapping) {

    public static final Standing NEW = new Standing(Optional.empty(), Optional.empty(), 0);

    /**
     * Checks in a row that all succeeded or all failed.
     *
     * @param since when the first of them set out
     * @param until when the last of them ended
     * @param pathInDoubt whether every one of them failed in a way that may be the path's fault
     * @param recovery whether these are successes after failures, rather than the first that were seen
     */
    public record Run(
            boolean failing, int length, Duration since, Duration until, boolean pathInDoubt, boolean recovery) {

        Run discounted() {
            return new Run(failing, 0, since, until, pathInDoubt, recovery);
        }

        public Duration age() {
            return until.minus(since);
        }
    }

    /** A standing with an opinion from an earlier life of the observer, and no checks yet. */
    public static Standing restored(Opinion opinion) {
        return new Standing(Optional.of(opinion), Optional.empty(), 0);
    }

    public Standing holding(Opinion newOpinion) {
        return new Standing(Optional.of(newOpinion), run, flapping);
    }

    /** The same with none of the failures counting that may be the path's fault, while the observer doubts its own path. */
    public Standing heldBack() {
        return isFailingInDoubt() ? new Standing(opinion, run.map(Run::discounted), flapping) : this;
    }

    /** The same after a failure that is known to be the path's fault: the node fails, and it counts for nothing. */
    public Standing afterDiscounted(Sighting failure) {
        Duration since = isFailingInDoubt() ? run.map(Run::since).orElseThrow() : failure.startedAt();
        Run nothing = new Run(true, 0, since, failure.endedAt(), true, false);
        return new Standing(opinion, Optional.of(nothing), flapping);
    }

    /** The same with failures that may have been the path's fault forgotten, now that the path works again. */
    public Standing rejoinedAt(Duration now) {
        Run nothing = new Run(true, 0, now, now, true, false);
        return isFailingInDoubt() ? new Standing(opinion, Optional.of(nothing), flapping) : this;
    }

    public boolean holds(Opinion held) {
        return opinion.filter(held::equals).isPresent();
    }

    public boolean isFailing() {
        return run.filter(Run::failing).isPresent();
    }

    /** Whether it fails now, and nothing yet proves that the path to it works. */
    public boolean isFailingInDoubt() {
        return run.filter(newest -> newest.failing() && newest.pathInDoubt()).isPresent();
    }
}
