package dev.holdfast.gateway.tcp;

import dev.holdfast.model.topology.Endpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Connects over TCP, and resolves names without blocking. */
final class NettyConnector implements NodeConnector {

    private final Bootstrap bootstrap;

    NettyConnector(Class<? extends Channel> channelType, AddressResolverGroup<InetSocketAddress> names) {
        bootstrap = new Bootstrap()
                .channel(channelType)
                .resolver(names)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, Leg.UNWRITTEN)
                .option(ChannelOption.RECVBUF_ALLOCATOR, Leg.READS);
    }

    @Override
    public ChannelFuture connect(EventLoop loop, Endpoint address, Duration timeout, ChannelHandler handler) {
        return bootstrap
                .clone(loop)
                .handler(handler)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(timeout.toMillis()))
                .connect(InetSocketAddress.createUnresolved(address.host(), address.port()));
    }
}
