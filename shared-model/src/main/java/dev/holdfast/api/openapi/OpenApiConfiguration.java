package dev.holdfast.api.openapi;

import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.operation.OperationId;
import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.DnsLabel;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.time.Duration;
import java.util.List;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Describes a service's API: bearer tokens, and value types as they are written. Every service imports it, so that the
 * same type has the same schema everywhere.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(OpenAPI.class)
public class OpenApiConfiguration {

    private static final String SCHEME = "bearer";

    static {
        SpringDocUtils schemas = SpringDocUtils.getConfig();
        for (Class<?> id : List.of(RegionId.class, ZoneId.class, ClusterId.class, NodeId.class, ObserverId.class)) {
            schemas.replaceWithSchema(
                    id, new StringSchema().pattern(DnsLabel.PATTERN).example("shop-1"));
        }
        schemas.replaceWithSchema(Lsn.class, new StringSchema().example("16/B374D848"));
        schemas.replaceWithSchema(OperationId.class, new StringSchema().format("uuid"));
        schemas.replaceWithSchema(Endpoint.class, new StringSchema().example("10.0.0.7:8080"));
        schemas.replaceWithSchema(Duration.class, new StringSchema().example("500ms"));
        schemas.replaceWithSchema(
                Revision.class, new IntegerSchema().format("int64").example(42));
    }

    @Bean
    OpenAPI description(Environment environment) {
        return new OpenAPI()
                .info(new Info()
                        .title("Holdfast " + environment.getRequiredProperty("spring.application.name"))
                        .version("v1"))
                .components(new Components()
                        .addSecuritySchemes(
                                SCHEME,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")))
                .addSecurityItem(new SecurityRequirement().addList(SCHEME));
    }
}
