package dev.holdfast.gateway.forwarding;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a client's connection when an answer has begun, or a WebSocket is open, and nothing has passed for a while: the
 * node is frozen, or the client is, or it has vanished. Stands beside the HTTP codec of one connection.
 */
final class StalledAnswers extends IdleStateHandler {

    private static final Logger log = LoggerFactory.getLogger(StalledAnswers.class);

    /** Answers begun and not ended, and WebSockets opened. */
    private int underWay;

    StalledAnswers(Duration patience) {
        // Bytes that trickle out to a slow reader count, though the write they belong to has not ended.
        super(true, 0, 0, patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        ChannelPromise sent = promise.unvoid();
        boolean upgrade = false;
        if (message instanceof HttpResponse response) {
            upgrade = response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
            underWay += upgrade || response.status().codeClass() != HttpStatusClass.INFORMATIONAL ? 1 : 0;
        }
        if (message instanceof LastHttpContent last && !upgrade && !isInformational(last)) {
            var _ = sent.addListener(written -> underWay--);
        }
        super.write(context, message, sent);
    }

    private static boolean isInformational(LastHttpContent last) {
        return last instanceof HttpResponse response && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    @Override
    protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
        if (underWay > 0) {
            log.debug("nothing passes on {} any more; closing it", context.channel());
            var _ = context.close();
        }
    }
}
