package dev.culvert.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.SocketTakeover;

/**
 * Client connections at once. At the limit accepting pauses, and further clients wait in the kernel's queue. Stands in the
 * pipeline of the channel that accepts, so a connection counts before the next one is accepted. That channel's event loop
 * only: connections that close elsewhere are counted there, or two loops might leave it paused with room to spare.
 */
@Sharable
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
    private final int limit;
    private int open;

    /** @param limit 0 for none */
    ConnectionLimit(int limit) {
        this.limit = limit;
    }

    /** Whether there is anything to count. */
    boolean isSet() {
        return limit > 0;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object client) {
        open++;
        accepting(ctx);
        SocketTakeover.whenClosed((Channel) client, () -> {
            if (!ctx.executor().isShuttingDown()) {
                ctx.executor().execute(() -> closed(ctx));
            }
        });
        ctx.fireChannelRead(client);
    }

    private void closed(ChannelHandlerContext ctx) {
        open--;
        accepting(ctx);
    }

    private void accepting(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(open < limit);
    }
}
