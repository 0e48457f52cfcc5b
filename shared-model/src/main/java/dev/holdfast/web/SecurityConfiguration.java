package dev.holdfast.web;

import dev.holdfast.api.access.AccessSettings;
import dev.holdfast.api.access.RequiredScope;
import dev.holdfast.api.access.Scope;
import dev.holdfast.api.access.TokenDirectory;
import dev.holdfast.api.access.TokenHolder;
import dev.holdfast.api.problem.ProblemCode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.core.DefaultOAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.core.OAuth2TokenIntrospectionClaimNames;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.OpaqueTokenIntrospector;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

/** Every request needs a bearer token of the scope that {@link RequiredScope} names. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AccessSettings.class)
class SecurityConfiguration {

    @Bean
    TokenDirectory tokenDirectory(AccessSettings settings) {
        return new TokenDirectory(settings);
    }

    @Bean
    OpaqueTokenIntrospector staticTokens(TokenDirectory tokens) {
        return token -> tokens.lookup(token)
                .map(SecurityConfiguration::principal)
                .orElseThrow(() -> new BadOpaqueTokenException("unknown token"));
    }

    @Bean
    SecurityFilterChain controlApi(HttpSecurity http, ProblemWriter problems) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.anyRequest().access(byRequiredScope()))
                .oauth2ResourceServer(server -> server.opaqueToken(tokens -> {})
                        .authenticationEntryPoint((request, response, e) -> {
                            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
                            problems.write(
                                    response,
                                    ProblemCode.UNAUTHENTICATED,
                                    "Send the header \"Authorization: Bearer TOKEN\" with a token that is known here.");
                        })
                        .accessDeniedHandler((request, response, e) -> problems.write(
                                response,
                                ProblemCode.FORBIDDEN,
                                neededScope(request.getMethod(), request.getRequestURI()))))
                .exceptionHandling(handling -> handling.accessDeniedHandler((request, response, e) -> problems.write(
                        response, ProblemCode.FORBIDDEN, neededScope(request.getMethod(), request.getRequestURI()))))
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                // No cookie is ever accepted as proof, so there is nothing that another site could make a browser send.
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .build();
    }

    private static AuthorizationManager<RequestAuthorizationContext> byRequiredScope() {
        return (authentication, context) -> {
            String path = context.getRequest().getRequestURI();
            return RequiredScope.of(context.getRequest().getMethod(), path)
                    .map(Scope::authority)
                    .map(needed -> new AuthorizationDecision(authentication.get().getAuthorities().stream()
                            .anyMatch(authority -> needed.equals(authority.getAuthority()))))
                    .orElseGet(() -> new AuthorizationDecision(true));
        };
    }

    private static String neededScope(String method, String path) {
        return "%s %s needs a token with the scope %s."
                .formatted(
                        method,
                        path,
                        RequiredScope.of(method, path)
                                .map(scope -> scope.name().toLowerCase(Locale.ROOT))
                                .orElse("read"));
    }

    private static DefaultOAuth2AuthenticatedPrincipal principal(TokenHolder holder) {
        return new DefaultOAuth2AuthenticatedPrincipal(
                holder.name(),
                Map.of(OAuth2TokenIntrospectionClaimNames.SUB, holder.name()),
                List.copyOf(AuthorityUtils.createAuthorityList(holder.authorities())));
    }
}
