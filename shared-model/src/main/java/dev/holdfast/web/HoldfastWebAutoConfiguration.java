package dev.holdfast.web;

import dev.holdfast.api.ServiceAddresses;
import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.api.openapi.OpenApiConfiguration;
import io.micrometer.tracing.Tracer;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.servlet.filter.OrderedFilter;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.http.MediaType;
import org.springframework.http.converter.yaml.JacksonYamlHttpMessageConverter;
import org.springframework.web.servlet.DispatcherServlet;
import tools.jackson.databind.json.JsonMapper;

/** What every service on Spring MVC has in common. */
@AutoConfiguration(before = ServletWebSecurityAutoConfiguration.class)
@ConditionalOnClass(DispatcherServlet.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableConfigurationProperties(ServiceAddresses.class)
@Import({
    SecurityConfiguration.class,
    ProblemAdvice.class,
    RequestConfiguration.class,
    OpenApiConfiguration.class,
    WriteDescription.class
})
public class HoldfastWebAutoConfiguration {

    /** The registered type and the two that were in use before it. */
    private static final List<MediaType> YAML_TYPES = List.of(
            MediaType.APPLICATION_YAML,
            MediaType.parseMediaType("application/x-yaml"),
            MediaType.parseMediaType("text/yaml"));

    @Bean
    JsonMapperBuilderCustomizer strictDocuments() {
        return HoldfastJson::configure;
    }

    @Bean
    ServerHttpMessageConvertersCustomizer yamlDocuments() {
        JacksonYamlHttpMessageConverter yaml = new JacksonYamlHttpMessageConverter(HoldfastJson.yamlMapper());
        yaml.setSupportedMediaTypes(YAML_TYPES);
        return converters -> converters.withYamlConverter(yaml);
    }

    @Bean
    ProblemWriter problemWriter(JsonMapper mapper, ObjectProvider<Tracer> tracer) {
        return new ProblemWriter(mapper, tracer);
    }

    /** After the security chain, so that only known callers are answered. */
    @Bean
    FilterRegistrationBean<BodyLimitFilter> bodyLimit(ProblemWriter problems) {
        FilterRegistrationBean<BodyLimitFilter> registration =
                new FilterRegistrationBean<>(new BodyLimitFilter(problems));
        registration.setOrder(OrderedFilter.REQUEST_WRAPPER_FILTER_MAX_ORDER);
        return registration;
    }

    @Bean
    Idempotency idempotency(Environment environment, JsonMapper mapper) {
        return new Idempotency(environment.getRequiredProperty("spring.application.name"), mapper);
    }
}
