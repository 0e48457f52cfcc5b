package dev.holdfast.region;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenApiTest extends ApiTest {

    @Test
    void describesWhatWritesTakeAndHowTheyFail() {
        String put = "$.paths['/api/v1/clusters/{id}'].put";
        assertThat(get("/v3/api-docs"))
                .hasStatusOk()
                .bodyJson()
                .satisfies(
                        api -> assertThat(api).extractingPath(put + ".summary").isEqualTo("Declare a cluster whole"),
                        api -> assertThat(api)
                                .extractingPath(put + ".parameters[*].name")
                                .asArray()
                                .containsExactlyInAnyOrder(
                                        "id", "If-Match", "If-None-Match", "Idempotency-Key", "dryRun"),
                        api -> assertThat(api)
                                .extractingPath(put + ".responses.422.content['application/problem+json'].schema.$ref")
                                .isEqualTo("#/components/schemas/Problem"),
                        api -> assertThat(api)
                                .extractingPath(put + ".requestBody.content['application/yaml'].example")
                                .asString()
                                .contains("synchronisation:"),
                        api -> assertThat(api)
                                .extractingPath("$.components.schemas.Problem.properties.errors")
                                .isNotNull(),
                        api -> assertThat(api)
                                .extractingPath("$.components.schemas.ClusterView.properties.primary.$ref")
                                .isEqualTo("#/components/schemas/PrimaryView"),
                        api -> assertThat(api)
                                .extractingPath("$.components.schemas.NodeView.properties")
                                .asMap()
                                .containsKeys("agent", "priority", "nofailover"),
                        api -> assertThat(api)
                                .extractingPath("$.components.schemas.NodeView.properties.agent.type")
                                .isEqualTo("string"),
                        api -> assertThat(api)
                                .extractingPath("$.components.schemas.ClusterDeclaration.properties")
                                .asMap()
                                .containsKey("postgresql"),
                        api -> assertThat(api)
                                .extractingPath("$.paths['/api/v1/journal/stream'].get.summary")
                                .isNotNull());
    }
}
