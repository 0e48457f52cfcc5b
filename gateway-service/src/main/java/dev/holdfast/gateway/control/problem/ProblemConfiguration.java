package dev.holdfast.gateway.control.problem;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** The control port's one way to answer with a problem. */
@Configuration(proxyBeanMethods = false)
public class ProblemConfiguration {

    @Bean
    Problems problems(JsonMapper mapper) {
        return new Problems(mapper);
    }

    @Bean
    ProblemErrorHandler problemErrorHandler(Problems problems) {
        return new ProblemErrorHandler(problems);
    }
}
