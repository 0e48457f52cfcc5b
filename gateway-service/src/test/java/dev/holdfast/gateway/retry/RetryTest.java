package dev.holdfast.gateway.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.topology.Retries;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RetryTest {

    private static Retries retries(int percent, int minimum) {
        return new Retries(3, Duration.ofSeconds(1), Duration.ofSeconds(30), percent, minimum);
    }

    private final AtomicLong nanos =
            new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(30).toNanos());
    private final RetryBudget budget = new RetryBudget(nanos::get);

    @Test
    void allowsItsShareOfTheRequestsPlusTheMinimum() {
        for (int i = 0; i < 100; i++) {
            budget.countRequest();
        }
        for (int i = 0; i < 50; i++) {
            assertThat(budget.tryTake(retries(20, 3))).isTrue();
        }
        assertThat(budget.tryTake(retries(20, 3))).isFalse();
    }

    @Test
    void isWholeAgainAfterTheWindow() {
        for (int i = 0; i < 30; i++) {
            assertThat(budget.tryTake(retries(0, 3))).isTrue();
        }
        assertThat(budget.tryTake(retries(0, 3))).isFalse();
        nanos.addAndGet(Duration.ofSeconds(9).toNanos());
        assertThat(budget.tryTake(retries(0, 3))).isFalse();
        // The clock of the JVM may wrap around; the budget doesn't mind.
        nanos.addAndGet(Duration.ofSeconds(60).toNanos());
        assertThat(budget.tryTake(retries(0, 3))).isTrue();
    }

    @Property(tries = 300)
    void neverAllowsMoreThanTheRuleInAnyWindow(@ForAll("steps") List<Integer> steps) {
        Retries rule = retries(20, 1);
        long requests = 0;
        long taken = 0;
        RetryBudget own = new RetryBudget(nanos::get);
        for (int step : steps) {
            if (step == 0) {
                own.countRequest();
                requests++;
            } else if (own.tryTake(rule)) {
                taken++;
            }
        }
        assertThat(taken).isLessThanOrEqualTo(requests * 20 / 100 + 10);
    }

    @Provide
    Arbitrary<List<Integer>> steps() {
        return Arbitraries.integers().between(0, 1).list().ofMaxSize(300);
    }

    @Test
    void repeatsNothingThatMayHaveBeenDone() {
        for (TryFailure failure : TryFailure.values()) {
            assertThat(RetryRules.mayRetry(failure, false, false)).isEqualTo(failure.neverSent());
            assertThat(RetryRules.mayRetry(failure, true, false)).isEqualTo(failure != TryFailure.OVERSIZED_HEAD);
            assertThat(RetryRules.mayRetry(failure, true, true)).isFalse();
            assertThat(RetryRules.mayRetry(failure, false, true)).isFalse();
        }
        assertThat(List.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE")).allMatch(RetryRules::isIdempotent);
        assertThat(List.of("POST", "PATCH", "CONNECT", "get", "LOCK")).noneMatch(RetryRules::isIdempotent);
    }
}
