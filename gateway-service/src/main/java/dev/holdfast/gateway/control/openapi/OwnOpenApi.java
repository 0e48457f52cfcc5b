package dev.holdfast.gateway.control.openapi;

import java.util.Locale;
import org.springdoc.core.customizers.SpringDocCustomizers;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.core.providers.SpringDocProviders;
import org.springdoc.core.service.AbstractRequestService;
import org.springdoc.core.service.GenericResponseService;
import org.springdoc.core.service.OpenAPIService;
import org.springdoc.core.service.OperationService;
import org.springdoc.webflux.api.OpenApiWebfluxResource;
import org.springframework.beans.factory.ObjectFactory;

/** Describes the gateway's own endpoints, also without a request that asks for it. */
final class OwnOpenApi extends OpenApiWebfluxResource {

    OwnOpenApi(
            ObjectFactory<OpenAPIService> builder,
            AbstractRequestService requests,
            GenericResponseService responses,
            OperationService operations,
            SpringDocConfigProperties settings,
            SpringDocProviders providers,
            SpringDocCustomizers customizers) {
        super(builder, requests, responses, operations, settings, providers, customizers);
    }

    /** The document as JSON. */
    byte[] document() throws com.fasterxml.jackson.core.JsonProcessingException {
        return writeJsonValue(getOpenApi("/", Locale.ENGLISH));
    }
}
