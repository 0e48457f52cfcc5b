package dev.holdfast.gateway.forwarding;

import io.netty.channel.Channel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.Connection;
import reactor.netty.NettyInbound;
import reactor.netty.NettyOutbound;
import reactor.netty.channel.ChannelOperations;

/**
 * The connection that an answer comes by, while it comes. Once the answer is complete the connection goes back to the
 * pool and may serve another request, so closing it late, as when a user leaves at the end of a download, must not
 * touch it.
 */
final class NodeConnection implements Connection {

    private static final Logger log = LoggerFactory.getLogger(NodeConnection.class);

    private final Connection delegate;

    NodeConnection(Connection delegate) {
        this.delegate = delegate;
    }

    @Override
    public Channel channel() {
        return delegate.channel();
    }

    @Override
    public NettyInbound inbound() {
        return delegate.inbound();
    }

    @Override
    public NettyOutbound outbound() {
        return delegate.outbound();
    }

    /** Closes the connection unless its answer is complete. Decided on the channel's own thread, where nothing races. */
    @Override
    @SuppressWarnings("ReferenceEquality") // It is the very same answer, or it is none of our business.
    public void dispose() {
        channel().eventLoop().execute(() -> {
            if (ChannelOperations.get(channel()) == delegate) {
                delegate.dispose();
            } else {
                // What has come and nobody has read is released here; where somebody has, this is an error without
                // effect.
                var _ = delegate.inbound().receive().subscribe(part -> {}, e -> log.trace("already read", e));
            }
        });
    }
}
