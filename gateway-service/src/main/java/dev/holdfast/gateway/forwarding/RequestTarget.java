package dev.holdfast.gateway.forwarding;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;

/**
 * Percent-encodes what browsers send as it is though no URI may hold it ({@code |}, <code>{</code>, {@code ^}, a stray
 * {@code %}, bytes above 127), before the request is read any further: nodes understand the same by it.
 */
@ChannelHandler.Sharable
final class RequestTarget extends ChannelInboundHandlerAdapter {

    private static final String NOT_IN_URIS = "\"<>\\^`{|}#";

    private static final String HEX = "0123456789ABCDEF";

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request && request.decoderResult().isSuccess()) {
            request.setUri(encoded(request.uri()));
        }
        context.fireChannelRead(message);
    }

    /** @param target of a request line, one character for each byte; returned as it is when it is a URI already */
    static String encoded(String target) {
        StringBuilder encoded = null;
        boolean query = false;
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            query |= c == '?';
            if (isFine(target, i, query)) {
                if (encoded != null) {
                    encoded.append(c);
                }
                continue;
            }
            if (encoded == null) {
                encoded = new StringBuilder(target.length() + 16).append(target, 0, i);
            }
            encoded.append('%').append(HEX.charAt((c >> 4) & 0xF)).append(HEX.charAt(c & 0xF));
        }
        return encoded == null ? target : encoded.toString();
    }

    private static boolean isFine(String target, int i, boolean query) {
        char c = target.charAt(i);
        return switch (c) {
            case '%' -> isHex(target, i + 1) && isHex(target, i + 2);
            // Elsewhere than in paths they stand for what they are, such as around the IPv6 address of an absolute URI.
            case '[', ']' -> query || target.charAt(0) != '/';
            default -> c > ' ' && c < 0x7F && NOT_IN_URIS.indexOf(c) < 0;
        };
    }

    private static boolean isHex(String target, int i) {
        return i < target.length() && Character.digit(target.charAt(i), 16) >= 0;
    }
}
