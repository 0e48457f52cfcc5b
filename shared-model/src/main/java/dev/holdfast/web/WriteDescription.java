package dev.holdfast.web;

import dev.holdfast.api.problem.Problem;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.QueryParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.web.method.HandlerMethod;

/** Describes in the OpenAPI document what all writes take and how every request can fail. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(OpenAPI.class)
class WriteDescription {

    private static final Map<String, String> PROBLEMS_OF_ALL = Map.of(
            "400", "The request can't be understood; errors names the parameter, header or field",
            "401", "No valid bearer token",
            "403", "The token's scopes don't allow this",
            "404", "There is none of that name",
            "503", "The cluster-state store can't be reached");

    private static final Map<String, String> PROBLEMS_OF_WRITES = Map.of(
            "409", "In conflict with what else is declared",
            "412", "It has changed since the version that If-Match names, or exists although If-None-Match: * was sent",
            "413", "The document has more than 1 MiB",
            "415", "The media type is not taken here",
            "422",
                    "The document breaks a rule (errors names every field), or the Idempotency-Key was used for another"
                            + " request");

    static {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(WriteRequest.class);
    }

    @Bean
    GlobalOpenApiCustomizer problemSchema() {
        return api -> ModelConverters.getInstance(true)
                .readAll(Problem.class)
                .forEach((name, schema) -> api.getComponents().addSchemas(name, schema));
    }

    @Bean
    GlobalOperationCustomizer failuresAndWriteHeaders() {
        return WriteDescription::describe;
    }

    private static Operation describe(Operation operation, HandlerMethod method) {
        Map<String, String> problems = new LinkedHashMap<>(PROBLEMS_OF_ALL);
        boolean writes = Arrays.stream(method.getMethodParameters())
                .anyMatch(parameter -> parameter.getParameterType() == WriteRequest.class);
        if (writes) {
            problems.putAll(PROBLEMS_OF_WRITES);
            operation
                    .addParametersItem(new HeaderParameter()
                            .name(HttpHeaders.IF_MATCH)
                            .schema(new StringSchema().example("\"42\""))
                            .description("The ETag of the version that the change is based on"))
                    .addParametersItem(new HeaderParameter()
                            .name(HttpHeaders.IF_NONE_MATCH)
                            .schema(new StringSchema().example("*"))
                            .description("* to create only"))
                    .addParametersItem(new HeaderParameter()
                            .name(Idempotency.KEY_HEADER)
                            .schema(new StringSchema().minLength(1).maxLength(255))
                            .description("Sent again with the same key, the same request has no second effect"))
                    .addParametersItem(new QueryParameter()
                            .name("dryRun")
                            .schema(new BooleanSchema())
                            .description("true: answer what would happen, and change nothing"));
        }
        problems.forEach(
                (status, description) -> operation.getResponses().computeIfAbsent(status, any -> problem(description)));
        return operation;
    }

    private static ApiResponse problem(String description) {
        return new ApiResponse()
                .description(description)
                .content(new Content()
                        .addMediaType(
                                Problem.MEDIA_TYPE,
                                new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"))));
    }
}
