package dev.culvert.flow;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/**
 * Puts the flushes of a channel off until the end of the event loop's turn, as {@link Flushes} has it; not those of much, nor
 * those behind which the channel closes, is full, or loses this handler. Netty's FlushConsolidationHandler would put off any
 * number of bytes, which nobody counts meanwhile, and the lone send of a quiet event loop, too. Event loop only.
 */
public final class FlushByTurn extends ChannelDuplexHandler {
    /** Bytes that are sent at once: waiting is for those whose sending costs more than they do, and nobody counts them yet. */
    private static final int MUCH = 4 << 10;

    private final Flushes flushes;
    private boolean due;

    /** @param flushes of this channel's event loop */
    public FlushByTurn(Flushes flushes) {
        this.flushes = flushes;
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        if (SinkBacklog.pending(ctx.channel()) >= MUCH || !ctx.channel().isWritable()) {
            due = false;
            ctx.flush();
        } else if (!due) {
            due = true;
            flushes.add(() -> flushDue(ctx));
        }
    }

    private void flushDue(ChannelHandlerContext ctx) {
        if (due) {
            due = false;
            ctx.flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!ctx.channel().isWritable()) {
            flushDue(ctx);
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        flushDue(ctx);
        ctx.close(promise);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        flushDue(ctx);
    }
}
