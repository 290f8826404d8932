package dev.culvert.plain;

import dev.culvert.flow.Backlog;
import dev.culvert.flow.SinkBacklog;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;

/**
 * Has part in the {@link Backlog} for a socket of plain requests. What the socket does not take is counted, and it is full, as
 * the HTTP library sees it, when it holds its share. While the library does not read from it, what the library may have kept of
 * it is counted: it is on the heap, out of sight. The first handler of its channel. Event loop only.
 */
final class PlainBacklog extends ChannelDuplexHandler {
    private final Backlog all;
    private final SinkBacklog written;
    private final int window;
    private boolean paused;
    private int high;

    /** @param window bytes that the HTTP library keeps at the most before it pauses this socket, a read under way included */
    PlainBacklog(Backlog all, int window) {
        this.all = all;
        this.written = new SinkBacklog(all);
        this.window = window;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        limit(ctx.channel());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        if (!paused && !ctx.isRemoved() && !ctx.channel().config().isAutoRead()) {
            paused = true;
            all.add(window);
        }
    }

    /** Netty asks for it when reading is switched on. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        readsOn();
        ctx.read();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        readsOn();
    }

    private void readsOn() {
        if (paused) {
            paused = false;
            all.add(-window);
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        ctx.flush();
        count(ctx);
        limit(ctx.channel());
    }

    private void count(ChannelHandlerContext ctx) {
        long pending = SinkBacklog.pending(ctx.channel());
        if (pending > 0 && !ctx.isRemoved()) {
            // Counted anew when the write that told of it has itself left the queue.
            written.count(pending, ctx, () -> ctx.executor().execute(() -> count(ctx)));
        }
    }

    private void limit(Channel channel) {
        int share = (int) all.share();
        if (share != high) {
            high = share;
            channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(share / 2, share));
        }
    }
}
