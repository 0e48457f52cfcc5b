package dev.holdfast.gateway.control.access;

/** What a browser gets without a token. */
final class PublicPages {

    static final String[] PATHS = {
        "/",
        "/index.html",
        "/status.css",
        "/status.js",
        "/favicon.svg",
        "/favicon.ico",
        "/swagger-ui.html",
        "/swagger-ui/**"
    };

    private PublicPages() {}
}
