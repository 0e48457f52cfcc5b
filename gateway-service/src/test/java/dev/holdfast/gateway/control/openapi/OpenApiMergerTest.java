package dev.holdfast.gateway.control.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.gateway.control.openapi.OpenApiMerger.ServiceDocument;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class OpenApiMergerTest {

    private static final JsonMapper MAPPER = HoldfastJson.jsonMapper();

    private static ServiceDocument service(String name, String document) {
        return new ServiceDocument(name, Optional.of(MAPPER.readValue(document, ObjectNode.class)));
    }

    private static ObjectNode merge(ServiceDocument... services) {
        return new OpenApiMerger("Holdfast", "v1", (service, path) -> !path.startsWith("/internal"))
                .merge(Arrays.asList(services));
    }

    /** A document with one path that refers to {@code View}, and these schemas. */
    private static String document(String path, String schemas) {
        return """
                {"paths": {"%s": {"get": {"operationId": "get", "responses": {"200": {"content": {"application/json":
                  {"schema": {"$ref": "#/components/schemas/View"}}}}}}}},
                 "components": {"schemas": %s}}""".formatted(path, schemas);
    }

    private static String schemaOf(ObjectNode merged, String path) {
        return merged.path("paths")
                .path(path)
                .at("/get/responses/200/content/application~1json/schema/$ref")
                .asString();
    }

    @Test
    void putsEqualSchemasInOnce() {
        ObjectNode merged = merge(
                service("one", document("/a", "{\"View\": {\"type\": \"string\", \"title\": \"v\"}}")),
                service("two", document("/b", "{\"View\": {\"title\": \"v\", \"type\": \"string\"}}")));

        assertThat(merged.at("/components/schemas").propertyNames()).containsExactly("View");
        assertThat(schemaOf(merged, "/a")).isEqualTo("#/components/schemas/View");
        assertThat(schemaOf(merged, "/b")).isEqualTo("#/components/schemas/View");
    }

    @Test
    void namesDifferingSchemasAfterTheirServiceAndLetsReferencesFollow() {
        ObjectNode merged = merge(
                service("one", document("/a", "{\"View\": {\"type\": \"string\"}}")),
                service("two", document("/b", "{\"View\": {\"type\": \"integer\"}}")));

        assertThat(merged.at("/components/schemas").propertyNames()).containsExactly("one.View", "two.View");
        assertThat(schemaOf(merged, "/a")).isEqualTo("#/components/schemas/one.View");
        assertThat(schemaOf(merged, "/b")).isEqualTo("#/components/schemas/two.View");
    }

    @Test
    void takesSchemasForDifferentThatReferToDifferentOnes() {
        String around = "\"View\": {\"properties\": {\"inner\": {\"$ref\": \"#/components/schemas/Inner\"}}}";
        ObjectNode merged = merge(
                service("one", document("/a", "{" + around + ", \"Inner\": {\"type\": \"string\"}}")),
                service("two", document("/b", "{" + around + ", \"Inner\": {\"type\": \"integer\"}}")));

        assertThat(merged.at("/components/schemas").propertyNames())
                .containsExactly("one.Inner", "one.View", "two.Inner", "two.View");
        assertThat(merged.at("/components/schemas/two.View/properties/inner/$ref")
                        .asString())
                .isEqualTo("#/components/schemas/two.Inner");
    }

    @Test
    void endsOnSchemasThatReferToEachOther() {
        String circle = "{\"View\": {\"items\": {\"$ref\": \"#/components/schemas/Next\"}},"
                + " \"Next\": {\"items\": {\"$ref\": \"#/components/schemas/View\"}, \"type\": \"%s\"}}";
        ObjectNode merged = merge(
                service("one", document("/a", circle.formatted("array"))),
                service("two", document("/b", circle.formatted("object"))));

        assertThat(merged.at("/components/schemas").propertyNames()).hasSize(4);
    }

    @Test
    void carriesDiscriminatorsOver() {
        String mapped = "{\"View\": {\"discriminator\": {\"mapping\": {\"x\": \"#/components/schemas/X\"}}},"
                + " \"X\": {\"type\": \"%s\"}}";
        ObjectNode merged = merge(
                service("one", document("/a", mapped.formatted("string"))),
                service("two", document("/b", mapped.formatted("integer"))));

        assertThat(merged.at("/components/schemas/one.View/discriminator/mapping/x")
                        .asString())
                .isEqualTo("#/components/schemas/one.X");
    }

    @Test
    void keepsOperationIdsUnique() {
        ObjectNode merged = merge(service("one", document("/a", "{}")), service("two", document("/b", "{}")));

        assertThat(merged.at("/paths/~1a/get/operationId").asString()).isEqualTo("one.get");
        assertThat(merged.at("/paths/~1b/get/operationId").asString()).isEqualTo("two.get");
    }

    @Test
    void leavesOutWhatTheFrontDoorDoesNotPassOn() {
        ObjectNode merged = merge(service("one", document("/internal/a", "{}")));

        assertThat(merged.path("paths").propertyNames()).isEmpty();
    }

    @Test
    void asksForTheBearerTokenEverywhereButWhereAServiceIsOpenToAll() {
        ObjectNode merged = merge(service("one", """
                {"security": [{"own": []}],
                 "paths": {"/a": {"get": {"security": [{"own": []}]}}, "/b": {"get": {"security": []}}},
                 "components": {"securitySchemes": {"own": {"type": "http", "scheme": "basic"}}}}"""));

        assertThat(merged.path("security").toString()).isEqualTo("[{\"bearer\":[]}]");
        assertThat(merged.at("/components/securitySchemes").propertyNames()).containsExactly("bearer");
        assertThat(merged.at("/paths/~1a/get").has("security")).isFalse();
        assertThat(merged.at("/paths/~1b/get/security").isEmpty()).isTrue();
    }

    @Test
    void namesTheServicesThatAreLeftOut() {
        ObjectNode merged =
                merge(service("one", document("/a", "{}")), new ServiceDocument("health-service", Optional.empty()));

        assertThat(merged.at("/info/description").asString())
                .endsWith("Left out, because they could not be reached: health-service.");
        assertThat(merged.path("paths").propertyNames()).containsExactly("/a");
    }

    @Test
    void leavesTheGivenDocumentsAsTheyAre() {
        String written = document("/a", "{\"View\": {\"type\": \"string\"}}");
        ServiceDocument one = service("one", written);
        ServiceDocument two = service("two", document("/b", "{\"View\": {\"type\": \"integer\"}}"));

        merge(one, two);

        assertThat(List.of(one)).containsExactly(service("one", written));
    }
}
