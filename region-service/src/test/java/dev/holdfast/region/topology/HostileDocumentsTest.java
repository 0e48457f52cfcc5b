package dev.holdfast.region.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.region.ApiTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostileDocumentsTest extends ApiTest {

    private static final int DOCUMENTS = 10_000;

    @Test
    void everyRefusalIsAProblemThatNamesItsFieldAndChangesNothing() {
        Map<String, Integer> outcomes = new HostileRun(mvc, store).send(DOCUMENTS, this::declareBoth);

        // The generator still reaches what it was made for.
        assertThat(outcomes)
                .containsKeys(
                        "accepted",
                        "malformed-document",
                        "unknown-field",
                        "invalid-value",
                        "validation-failed",
                        "node-is-primary",
                        "document-too-large",
                        "unsupported-media-type");
        assertThat(outcomes.get("accepted")).isLessThan(DOCUMENTS / 2);
    }

    /** A node of shop that a document has given to orders leaves it first. */
    private void declareBoth() {
        done(put("/api/v1/regions/eu", EU));
        declareOrders();
        declareShop();
    }
}
