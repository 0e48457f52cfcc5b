package dev.holdfast.gateway.control.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReplicasTest {

    private static final URI A = URI.create("http://a");
    private static final URI B = URI.create("http://b");
    private static final URI C = URI.create("http://c");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final Replicas replicas = new Replicas(List.of(A, B, C), Duration.ofSeconds(5), nanos::get);

    @Test
    void takesTurns() {
        assertThat(replicas.inOrder()).containsExactly(A, B, C);
        assertThat(replicas.inOrder()).containsExactly(B, C, A);
        assertThat(replicas.inOrder()).containsExactly(C, A, B);
        assertThat(replicas.inOrder()).containsExactly(A, B, C);
    }

    @Test
    void asksOneThatFailedLatelyOnlyAfterTheOthers() {
        replicas.failed(A);
        assertThat(replicas.inOrder()).containsExactly(B, C, A);
        assertThat(replicas.inOrder()).containsExactly(B, C, A);
        assertThat(replicas.inOrder()).containsExactly(C, B, A);
    }

    @Test
    void givesOneThatFailedItsTurnAgainWhenItAnsweredOrSomeTimeHasPassed() {
        replicas.failed(A);
        replicas.answered(A);
        assertThat(replicas.inOrder()).containsExactly(A, B, C);

        replicas.failed(B);
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        assertThat(replicas.inOrder()).containsExactly(B, C, A);
    }
}
