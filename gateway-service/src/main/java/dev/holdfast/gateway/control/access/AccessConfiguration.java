package dev.holdfast.gateway.control.access;

import dev.holdfast.api.access.AccessSettings;
import dev.holdfast.api.access.RequiredScope;
import dev.holdfast.api.access.Scope;
import dev.holdfast.api.access.TokenDirectory;
import dev.holdfast.api.access.TokenHolder;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.gateway.control.problem.Problems;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.ReactiveAuthorizationManager;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity.HeaderSpec;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.core.DefaultOAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.core.OAuth2TokenIntrospectionClaimNames;
import org.springframework.security.oauth2.server.resource.introspection.BadOpaqueTokenException;
import org.springframework.security.oauth2.server.resource.introspection.ReactiveOpaqueTokenIntrospector;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.ServerAuthenticationEntryPoint;
import org.springframework.security.web.server.authorization.AuthorizationContext;
import org.springframework.security.web.server.authorization.ServerAccessDeniedHandler;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.header.ReferrerPolicyServerHttpHeadersWriter.ReferrerPolicy;
import org.springframework.security.web.server.header.XFrameOptionsServerHttpHeadersWriter.Mode;
import org.springframework.security.web.server.savedrequest.NoOpServerRequestCache;
import reactor.core.publisher.Mono;

/**
 * Every request needs a bearer token of the scope that {@link RequiredScope} names, but for the pages: they hold nothing
 * of the installation and ask for the token themselves.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
@EnableConfigurationProperties(AccessSettings.class)
public class AccessConfiguration {

    /** Nothing from elsewhere, nothing inline; images may be written into style sheets, as Swagger UI's are. */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none';"
            + " frame-ancestors 'none'";

    @Bean
    TokenDirectory tokenDirectory(AccessSettings settings) {
        return new TokenDirectory(settings);
    }

    @Bean
    ReactiveOpaqueTokenIntrospector staticTokens(TokenDirectory tokens) {
        return token -> Mono.justOrEmpty(tokens.lookup(token))
                .map(AccessConfiguration::principal)
                .switchIfEmpty(Mono.error(() -> new BadOpaqueTokenException("unknown token")))
                .cast(org.springframework.security.oauth2.core.OAuth2AuthenticatedPrincipal.class);
    }

    @Bean
    SecurityWebFilterChain controlPort(ServerHttpSecurity http, Problems problems) {
        ServerAuthenticationEntryPoint unauthenticated = unauthenticated(problems);
        ServerAccessDeniedHandler forbidden = forbidden(problems);
        return http.authorizeExchange(exchanges -> exchanges
                        .pathMatchers(HttpMethod.GET, PublicPages.PATHS)
                        .permitAll()
                        .anyExchange()
                        .access(byRequiredScope()))
                .oauth2ResourceServer(server -> server.opaqueToken(tokens -> {})
                        .authenticationEntryPoint(unauthenticated)
                        .accessDeniedHandler(forbidden))
                .exceptionHandling(handling ->
                        handling.authenticationEntryPoint(unauthenticated).accessDeniedHandler(forbidden))
                .headers(AccessConfiguration::hardened)
                .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
                // No cookie is ever accepted as proof, so there is nothing that another site could make a browser send.
                .csrf(ServerHttpSecurity.CsrfSpec::disable)
                .requestCache(cache -> cache.requestCache(NoOpServerRequestCache.getInstance()))
                .logout(ServerHttpSecurity.LogoutSpec::disable)
                .build();
    }

    private static void hardened(HeaderSpec headers) {
        headers.contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER))
                .frameOptions(options -> options.mode(Mode.DENY));
    }

    private static ReactiveAuthorizationManager<AuthorizationContext> byRequiredScope() {
        return (authentication, context) -> {
            Optional<Scope> needed = neededScope(context.getExchange().getRequest());
            if (needed.isEmpty()) {
                return Mono.just(new AuthorizationDecision(true));
            }
            String authority = needed.get().authority();
            return authentication
                    .map(caller -> caller.getAuthorities().stream()
                            .anyMatch(granted -> authority.equals(granted.getAuthority())))
                    .defaultIfEmpty(false)
                    .map(AuthorizationDecision::new);
        };
    }

    private static Optional<Scope> neededScope(ServerHttpRequest request) {
        // The path that the handlers are chosen by: no header, and no context path, makes it look like another.
        return RequiredScope.of(
                request.getMethod().name(),
                request.getPath().pathWithinApplication().value());
    }

    private static ServerAuthenticationEntryPoint unauthenticated(Problems problems) {
        return (exchange, failure) -> {
            exchange.getResponse().getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            return problems.write(
                    exchange,
                    ProblemCode.UNAUTHENTICATED,
                    "Send the header \"Authorization: Bearer TOKEN\" with a token that is known here.",
                    List.of());
        };
    }

    private static ServerAccessDeniedHandler forbidden(Problems problems) {
        return (exchange, denied) -> {
            ServerHttpRequest request = exchange.getRequest();
            String scope = neededScope(request).orElse(Scope.READ).name().toLowerCase(Locale.ROOT);
            String detail = "%s %s needs a token with the scope %s."
                    .formatted(request.getMethod(), request.getPath().value(), scope);
            return problems.write(exchange, ProblemCode.FORBIDDEN, detail, List.of());
        };
    }

    private static DefaultOAuth2AuthenticatedPrincipal principal(TokenHolder holder) {
        return new DefaultOAuth2AuthenticatedPrincipal(
                holder.name(),
                Map.of(OAuth2TokenIntrospectionClaimNames.SUB, holder.name()),
                List.copyOf(AuthorityUtils.createAuthorityList(holder.authorities())));
    }
}
