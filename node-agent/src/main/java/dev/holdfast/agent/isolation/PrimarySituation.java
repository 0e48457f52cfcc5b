package dev.holdfast.agent.isolation;

import java.time.Duration;
import java.util.Optional;

/**
 * What a primary's agent knows of whether it is still one. All ages are by the monotonic clock.
 *
 * @param required standbys that a commit waits for
 * @param controlHeard since the control plane was last heard
 * @param controlConfirmed since the control plane last named this node's epoch; empty when it never did
 * @param quorumHeard since so many standbys as commits wait for were all heard; empty when they never were
 * @param awakeSince since the agent woke from a freeze that put the role in doubt; empty when nothing is in doubt
 * @param proven whether so many standbys as commits wait for have log that was written after waking: replies alone may be
 *     old ones, that lay waiting while nothing ran here
 * @param closed whether clients are kept out
 */
public record PrimarySituation(
        int required,
        Duration controlHeard,
        Optional<Duration> controlConfirmed,
        Optional<Duration> quorumHeard,
        Optional<Duration> awakeSince,
        boolean proven,
        boolean closed) {}
