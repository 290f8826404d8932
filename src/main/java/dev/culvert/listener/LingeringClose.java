package dev.culvert.listener;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection whose client may still be sending. RFC 9112 §9.6: closed at once, the kernel would answer what comes
 * with a reset, and the client might never see the answer; so our side ends first, and what comes is dropped for a while.
 */
final class LingeringClose extends ChannelInboundHandlerAdapter {
    private static final int SECONDS = 10;

    private boolean flushed;
    private boolean clientEnded;

    private LingeringClose() {}

    /** Ends a connection when all that was written to it is out. Its other handlers must be gone or silent. */
    static void of(Channel channel) {
        LingeringClose last = new LingeringClose();
        last.clientEnded = ((DuplexChannel) channel).isInputShutdown(); // an end that somebody else heard of
        channel.pipeline().addFirst(last);
        channel.config().setAutoRead(true);
        ChannelHandlerContext ctx = channel.pipeline().context(last);
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> last.flushed(ctx));
    }

    private void flushed(ChannelHandlerContext ctx) {
        flushed = true;
        if (clientEnded) {
            ctx.close();
        } else {
            ((DuplexChannel) ctx.channel()).shutdownOutput();
            ctx.executor().schedule(() -> ctx.close(), SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        clientEnded |= event instanceof ChannelInputShutdownEvent;
        if (clientEnded && flushed) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
