package dev.holdfast.quickstart.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SampleNodeTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private SampleNode node;

    @BeforeEach
    void start() throws IOException {
        node = new SampleNode("node-9", "a", 0);
        node.start();
    }

    @AfterEach
    void stop() {
        node.stop();
        client.close();
    }

    @Test
    void saysWhoAnswers() throws Exception {
        HttpResponse<String> response = send("GET", "/");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("x-served-by")).contains("node-9");
        assertThat(response.body()).contains("node-9", "zone a");
    }

    @Test
    void passesItsChecksWhileItFailsItsRequests() throws Exception {
        assertThat(send("POST", "/faults?status=503").statusCode()).isEqualTo(200);
        assertThat(send("GET", "/anything").statusCode()).isEqualTo(503);
        assertThat(send("GET", "/health").statusCode()).isEqualTo(200);
        assertThat(send("GET", "/faults").body()).contains("\"requests\": 1", "\"faultyAnswers\": 1");
        assertThat(send("POST", "/faults?status=none").statusCode()).isEqualTo(200);
        assertThat(send("GET", "/anything").statusCode()).isEqualTo(200);
    }

    @Test
    void failsItsChecksWhileItAnswersItsRequests() throws Exception {
        assertThat(send("POST", "/faults?health=500").statusCode()).isEqualTo(200);
        assertThat(send("GET", "/health").statusCode()).isEqualTo(500);
        assertThat(send("GET", "/").statusCode()).isEqualTo(200);
    }

    @Test
    void refusesFaultsThatItDoesNotUnderstand() throws Exception {
        assertThat(send("POST", "/faults?status=200").statusCode()).isEqualTo(400);
        assertThat(send("POST", "/faults").statusCode()).isEqualTo(400);
        assertThat(send("GET", "/slow?ms=never").statusCode()).isEqualTo(400);
    }

    @Test
    void endsASlowAnswer() throws Exception {
        assertThat(send("GET", "/slow?ms=20").body()).contains("node-9 begins", "node-9 ends after 20 ms");
    }

    private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
                .method(method, BodyPublishers.noBody())
                .build();
        return client.send(request, BodyHandlers.ofString());
    }
}
