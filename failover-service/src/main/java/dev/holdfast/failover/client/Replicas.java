package dev.holdfast.failover.client;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.springframework.http.HttpStatus;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

/**
 * Several replicas of one service. A call goes to the one that answered last; when it can't be reached or fails, to each
 * of the others in turn, so the call must be one that may be repeated.
 */
public final class Replicas<T> {

    private final List<T> clients;
    private final AtomicInteger preferred = new AtomicInteger();

    public Replicas(List<T> clients) {
        if (clients.isEmpty()) {
            throw new IllegalArgumentException("a service needs at least one address");
        }
        this.clients = List.copyOf(clients);
    }

    /** The first answer; when none answers, the last failure. A client error is an answer: the others would say the same. */
    public <R> R call(Function<? super T, ? extends R> call) {
        int first = preferred.get();
        RestClientException failure = new ResourceAccessException("no replica was asked");
        for (int offset = 0; offset < clients.size(); offset++) {
            int index = (first + offset) % clients.size();
            try {
                R answer = call.apply(clients.get(index));
                preferred.set(index);
                return answer;
            } catch (RestClientException e) {
                if (!isWorthAnotherReplica(e)) {
                    throw e;
                }
                failure = e;
            }
        }
        throw failure;
    }

    private static boolean isWorthAnotherReplica(RestClientException failure) {
        return switch (failure) {
            case ResourceAccessException unreachable -> true;
            case HttpServerErrorException broken -> true;
            case RestClientResponseException answered ->
                answered.getStatusCode().value() == HttpStatus.TOO_MANY_REQUESTS.value();
            default -> true;
        };
    }
}
