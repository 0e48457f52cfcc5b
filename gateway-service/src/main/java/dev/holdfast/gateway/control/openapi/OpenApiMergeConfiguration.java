package dev.holdfast.gateway.control.openapi;

import dev.holdfast.api.ServiceAddresses;
import dev.holdfast.gateway.control.frontdoor.Upstream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springdoc.core.customizers.SpringDocCustomizers;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.core.providers.SpringDocProviders;
import org.springdoc.core.service.AbstractRequestService;
import org.springdoc.core.service.GenericResponseService;
import org.springdoc.core.service.OpenAPIService;
import org.springdoc.core.service.OperationService;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Describes the whole control API from what each service says of itself. */
@Configuration(proxyBeanMethods = false)
public class OpenApiMergeConfiguration {

    private static final String OWN_NAME = "gateway-service";

    private static final int MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

    @Bean
    OwnOpenApi openApiResource(
            ObjectFactory<OpenAPIService> builder,
            AbstractRequestService requests,
            GenericResponseService responses,
            OperationService operations,
            SpringDocConfigProperties settings,
            SpringDocProviders providers,
            SpringDocCustomizers customizers) {
        return new OwnOpenApi(builder, requests, responses, operations, settings, providers, customizers);
    }

    @Bean
    OpenApiController openApiController(ServiceAddresses addresses, OwnOpenApi own, JsonMapper mapper) {
        Map<String, List<URI>> services = new LinkedHashMap<>();
        for (Upstream upstream : Upstream.values()) {
            services.put(upstream.service(), upstream.addresses(addresses));
        }
        Mono<ObjectNode> ownDocument = Mono.fromCallable(own::document)
                .map(bytes -> mapper.readValue(bytes, ObjectNode.class))
                .subscribeOn(Schedulers.boundedElastic());
        OpenApiMerger merger = new OpenApiMerger("Holdfast", "v1", OpenApiMergeConfiguration::serves);
        WebClient client = WebClient.builder()
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(MAX_DOCUMENT_BYTES))
                .build();
        return new OpenApiController(new MergedOpenApi(services, OWN_NAME, ownDocument, merger, client, mapper));
    }

    /** Only what the front door passes on to a service is described, and of the gateway what it answers itself. */
    private static boolean serves(String service, String path) {
        return Upstream.serving(path).map(Upstream::service).orElse(OWN_NAME).equals(service);
    }
}
