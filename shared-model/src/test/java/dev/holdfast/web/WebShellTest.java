package dev.holdfast.web;

import static org.hamcrest.Matchers.containsString;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.put;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.holdfast.api.RegionDeclaration;
import dev.holdfast.api.access.TokenDirectory;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Retries;
import jakarta.validation.Valid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The servlet shell around a small controller. */
@SpringBootTest(
        properties = {"spring.application.name=shell-test", "spring.config.import=classpath:holdfast-defaults.yaml"})
@AutoConfigureMockMvc
class WebShellTest {

    @Autowired
    private MockMvc mvc;

    @DynamicPropertySource
    static void tokens(DynamicPropertyRegistry registry) {
        String[] scopes = {"read", "operate", "admin", "service"};
        for (int i = 0; i < scopes.length; i++) {
            String scope = scopes[i];
            String prefix = "holdfast.access.tokens[" + i + "].";
            registry.add(prefix + "name", () -> "a-" + scope);
            registry.add(prefix + "sha256", () -> TokenDirectory.sha256(scope + "-token"));
            registry.add(prefix + "scopes", () -> scope);
        }
    }

    @Test
    void asksForATokenWithAProblem() throws Exception {
        mvc.perform(get("/api/v1/things/x"))
                .andExpect(status().isUnauthorized())
                .andExpect(header().string("WWW-Authenticate", "Bearer"))
                .andExpect(content().contentType(MediaType.APPLICATION_PROBLEM_JSON))
                .andExpect(jsonPath("$.code").value("unauthenticated"));
        mvc.perform(get("/api/v1/things/x").header("Authorization", "Bearer guess"))
                .andExpect(status().isUnauthorized());
    }

    @ParameterizedTest
    @CsvSource({
        "GET, read, 200",
        "POST, read, 403",
        "PUT, read, 403",
        "GET, operate, 200",
        "POST, operate, 200",
        "PUT, operate, 403",
        "GET, admin, 200",
        "POST, admin, 200",
        "PUT, admin, 200",
        "PUT, service, 200"
    })
    void letsEachScopeDoWhatItIncludes(String method, String scope, int status) throws Exception {
        MockHttpServletRequestBuilder request = switch (method) {
            case "GET" -> get("/api/v1/things/x");
            case "POST" ->
                post("/api/v1/things/x").contentType(MediaType.APPLICATION_JSON).content("{}");
            default ->
                put("/api/v1/things/x").contentType(MediaType.APPLICATION_JSON).content("{\"zones\": [\"a\"]}");
        };
        mvc.perform(as(scope, request)).andExpect(status().is(status));
    }

    @Test
    void openPathsNeedNoToken() throws Exception {
        mvc.perform(get("/actuator/health/liveness")).andExpect(status().isOk());
        mvc.perform(get("/v3/api-docs")).andExpect(status().isOk());
        mvc.perform(get("/actuator/prometheus")).andExpect(status().isUnauthorized());
    }

    @Test
    void namesTheCallerAndBelievesOnlyServicesThatTheyActForOthers() throws Exception {
        mvc.perform(as("read", get("/api/v1/caller")).header("X-Holdfast-On-Behalf-Of", "root"))
                .andExpect(content().string("a-read"));
        mvc.perform(as("service", get("/api/v1/caller")).header("X-Holdfast-On-Behalf-Of", "alice"))
                .andExpect(content().string("alice via a-service"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"zones\": [\"a\"]                 | 400 | malformed-document | ",
                "{\"zones\": [\"a\"]} {}             | 400 | invalid-value      | (document)",
                "{\"zones\": [\"a\"], \"zones\": []} | 400 | malformed-document | ",
                "{\"zoness\": [\"a\"]}               | 400 | unknown-field      | zoness",
                "{\"zones \": [\"a\"]}               | 400 | unknown-field      | \"zones \"",
                "{\"\": [\"a\"]}                     | 400 | unknown-field      | \"\"",
                "{\"\\t\": [\"a\"]}                  | 400 | unknown-field      | \"\\t\"",
                "{\"zones\": \"a\"}                  | 400 | invalid-value      | zones",
                "{\"zones\": [\"UPPER\"]}            | 400 | invalid-value      | zones[0]",
                "{\"zones\": [7]}                    | 400 | invalid-value      | zones[0]",
                "{\"zones\": []}                     | 422 | validation-failed  | zones",
                "[]                                  | 400 | invalid-value      | (document)",
                "null                                | 400 | malformed-document | ",
                "\"\"                                | 400 | invalid-value      | (document)"
            })
    void refusesABadDocumentWithItsFieldAndACode(String document, int status, String code, String field)
            throws Exception {
        var answer = mvc.perform(as("admin", put("/api/v1/things/x"))
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(document))
                .andExpect(status().is(status))
                .andExpect(content().contentType(MediaType.APPLICATION_PROBLEM_JSON))
                .andExpect(jsonPath("$.code").value(code));
        if (field != null) {
            answer.andExpect(jsonPath("$.errors[0].field").value(field));
        }
    }

    @Test
    void readsYamlAndDurationsAsPeopleWriteThem() throws Exception {
        mvc.perform(as("operate", post("/api/v1/things/x"))
                        .contentType("application/yaml")
                        .content("maxAttempts: 2\nperTryTimeout: 250ms\n"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.perTryTimeout").value("250ms"))
                .andExpect(jsonPath("$.requestTimeout").value("30s"));
        mvc.perform(as("operate", post("/api/v1/things/x"))
                        .contentType("application/yaml")
                        .content("perTryTimeout: soon\n"))
                .andExpect(jsonPath("$.code").value("invalid-value"))
                .andExpect(jsonPath("$.errors[0].message").value(containsString("500ms")));
    }

    @Test
    void refusesBodiesThatAreTooLarge() throws Exception {
        mvc.perform(as("admin", put("/api/v1/things/x"))
                        .contentType(MediaType.APPLICATION_JSON)
                        .content(" ".repeat(1024 * 1024 + 1)))
                .andExpect(status().is(413))
                .andExpect(jsonPath("$.code").value("document-too-large"));
    }

    @Test
    void answersSpringsOwnRefusalsAsProblems() throws Exception {
        mvc.perform(as("read", get("/nowhere"))).andExpect(jsonPath("$.code").value("not-found"));
        mvc.perform(as("operate", post("/api/v1/caller")))
                .andExpect(jsonPath("$.code").value("method-not-allowed"));
        mvc.perform(as("admin", put("/api/v1/things/x"))
                        .contentType(MediaType.TEXT_PLAIN)
                        .content("x"))
                .andExpect(jsonPath("$.code").value("unsupported-media-type"));
        mvc.perform(as("read", get("/api/v1/things/Not-An-Id")))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.code").value("malformed-request"))
                .andExpect(jsonPath("$.errors[0].field").value("id"));
        mvc.perform(as("read", get("/api/v1/broken")))
                .andExpect(status().isInternalServerError())
                .andExpect(jsonPath("$.code").value("internal-error"))
                .andExpect(jsonPath("$.traceId").isNotEmpty());
    }

    private static MockHttpServletRequestBuilder as(String scope, MockHttpServletRequestBuilder request) {
        return request.header("Authorization", "Bearer " + scope + "-token");
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration(
            exclude = {
                DataSourceAutoConfiguration.class,
                HibernateJpaAutoConfiguration.class,
                FlywayAutoConfiguration.class
            })
    @Import(Things.class)
    static class Application {}

    @RestController
    static class Things {

        @GetMapping("/api/v1/things/{id}")
        String get(@PathVariable NodeId id) {
            return id.value();
        }

        @PutMapping("/api/v1/things/{id}")
        RegionDeclaration put(@PathVariable NodeId id, @Valid @RequestBody RegionDeclaration declaration) {
            return declaration;
        }

        @PostMapping("/api/v1/things/{id}")
        Retries post(@PathVariable NodeId id, @Valid @RequestBody Retries retries) {
            return retries;
        }

        @GetMapping("/api/v1/caller")
        String caller() {
            return Caller.current().name();
        }

        @GetMapping("/api/v1/broken")
        String broken() {
            throw new IllegalStateException("for the test");
        }
    }
}
