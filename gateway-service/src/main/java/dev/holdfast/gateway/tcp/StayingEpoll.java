package dev.holdfast.gateway.tcp;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import java.util.Objects;

/**
 * Netty's epoll, without a fault of it that cuts half-closed connections off.
 *
 * <p>A channel that waits for nothing, because its peer has ended and its own writes have gone out, or because it isn't read
 * for the moment, is taken out of the epoll set by Netty 4.2.18. When it next waits for something, Netty changes an entry
 * that is not there any more, and the write that could not be finished at once fails. Here such a channel stays in the set
 * with the flag "edge triggered" alone, which makes it wait for nothing but an error, told once.
 */
final class StayingEpoll implements IoHandler {

    private final IoHandler epoll;

    private StayingEpoll(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory factory = EpollIoHandler.newFactory();
        return executor -> new StayingEpoll(factory.newHandler(executor));
    }

    /** What is asked for in place of {@code ops}. */
    private static IoOps staying(IoOps ops) {
        return Objects.equals(ops, EpollIoOps.NONE) ? EpollIoOps.EPOLLET : ops;
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Staying(epoll.register(handle));
    }

    private record Staying(IoRegistration registration) implements IoRegistration {

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // As Netty declares it.
        public <T> T attachment() {
            return registration.attachment();
        }

        @Override
        public long submit(IoOps ops) {
            return registration.submit(staying(ops));
        }

        @Override
        public boolean isValid() {
            return registration.isValid();
        }

        @Override
        public boolean cancel() {
            return registration.cancel();
        }
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return epoll.run(context);
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return epoll.isCompatible(handleType);
    }
}
