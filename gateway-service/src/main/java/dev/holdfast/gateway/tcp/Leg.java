package dev.holdfast.gateway.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One side of a session: what its channel reads is written to the other side. Both sides work on the same thread.
 *
 * <p>A side is read only while the other can be written to, so that a slow reader holds the fast writer back and not the
 * gateway's memory. The end of one direction is passed on once all before it has been written, and leaves the other
 * direction as it is. The buffers read are the ones written: nothing is copied in between.
 *
 * <p>Netty's splice is not used, which would save the way through user space: it shuts the input as soon as it has heard of
 * the peer's end, and loses what the kernel still holds of the data before it.
 */
final class Leg extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(Leg.class);

    /** In bytes: above the upper mark the other side is not read, below the lower one it is again. */
    static final WriteBufferWaterMark UNWRITTEN = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    /** Reads of at most 64 KiB each; after a few of them what was read is sent, before more is read. */
    static final RecvByteBufAllocator READS = new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(4);

    private final Session session;
    /** What came before there was another side: the kernel tells of a peer's end with the data before it. */
    private final Queue<ByteBuf> early = new ArrayDeque<>();

    private @Nullable Channel channel;
    private @Nullable Leg other;
    private boolean inputEnded;
    private boolean outputEnded;

    Leg(Session session) {
        this.session = session;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        session.active(this);
        context.fireChannelActive();
    }

    /** The channel; there is one as soon as the leg has been put into a pipeline. */
    Channel channel() {
        if (channel == null) {
            throw new IllegalStateException("the leg has no channel yet");
        }
        return channel;
    }

    /** Whether the peer has ended its side before the leg was joined; it isn't read, so data says so as well. */
    boolean hasEnded() {
        return inputEnded || !early.isEmpty();
    }

    /** Both ways are open from now on. */
    static void join(Leg client, Leg node) {
        client.other = node;
        node.other = client;
        client.begin(node);
        node.begin(client);
    }

    private void begin(Leg to) {
        for (ByteBuf data = early.poll(); data != null; data = early.poll()) {
            var _ = to.channel().write(data, to.channel().voidPromise());
        }
        to.channel().flush();
        if (inputEnded) {
            to.endOutput();
        } else {
            channel().config().setAutoRead(to.channel().isWritable());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object data) {
        if (session.isClosed()) {
            ReferenceCountUtil.release(data);
        } else if (other == null) {
            early.add((ByteBuf) data);
            session.endedEarly(this);
        } else {
            var _ = other.channel().write(data, other.channel().voidPromise());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (other != null) {
            session.touch();
            other.channel().flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (other != null && !other.inputEnded) {
            session.touch();
            other.channel().config().setAutoRead(channel().isWritable());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE && !inputEnded) {
            inputEnded = true;
            if (other == null) {
                session.endedEarly(this);
            } else {
                other.endOutput();
            }
        }
        context.fireUserEventTriggered(event);
    }

    /** Tells the peer that nothing more comes, after all that is still to be written. */
    private void endOutput() {
        var _ = channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (written.isSuccess() && channel() instanceof DuplexChannel duplex) {
                var _ = duplex.shutdownOutput().addListener(ended -> {
                    outputEnded = true;
                    if (other != null && other.outputEnded) {
                        session.close(CloseCause.ENDED);
                    }
                });
            }
        });
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        session.broken(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // Resets are everyday; the session's end is counted.
        log.debug("a connection broke", cause);
        session.broken(this);
    }

    /** Closes the channel, and forgets what was not passed on. */
    void close() {
        early.forEach(ByteBuf::release);
        early.clear();
        if (channel != null) {
            var _ = channel.close();
        }
    }
}
