package dev.holdfast.gateway.tcp;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ThreadFactory;
import reactor.netty.resources.LoopResources;

/**
 * The threads that relay connections, and the channels that fit them: epoll where there is one, as for HTTP.
 *
 * @param group whoever asks for the threads has to shut it down
 */
record RelayThreads(
        EventLoopGroup group, Class<? extends ServerSocketChannel> server, Class<? extends SocketChannel> client) {

    static RelayThreads start() {
        ThreadFactory threads = new DefaultThreadFactory("tcp", true);
        int count = LoopResources.DEFAULT_IO_WORKER_COUNT;
        return LoopResources.DEFAULT_NATIVE && Epoll.isAvailable()
                ? new RelayThreads(
                        new MultiThreadIoEventLoopGroup(count, threads, StayingEpoll.newFactory()),
                        EpollServerSocketChannel.class,
                        EpollSocketChannel.class)
                : new RelayThreads(
                        new MultiThreadIoEventLoopGroup(count, threads, NioIoHandler.newFactory()),
                        NioServerSocketChannel.class,
                        NioSocketChannel.class);
    }
}
