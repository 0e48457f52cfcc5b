package dev.holdfast.gateway.forwarding;

import io.netty.channel.Channel;
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
            }
        });
    }
}
