package dev.holdfast.gateway.tcp;

import dev.holdfast.model.topology.Endpoint;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import java.time.Duration;

/** Connects to nodes. */
interface NodeConnector {

    /**
     * Begins to connect. The channel doesn't read until it is told to, and half-closes.
     *
     * @param loop on which the channel works and the future completes
     * @param handler put into the channel's pipeline
     */
    ChannelFuture connect(EventLoop loop, Endpoint address, Duration timeout, ChannelHandler handler);
}
