package dev.culvert.listener;

import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import java.nio.channels.ClosedChannelException;
import org.jboss.logging.Logger;

/**
 * Says in the log why no client is accepted: most often the process has no file left for one. Netty tries again after a second,
 * and would call this an exception that nobody handled. The last handler of a channel that accepts. Any thread.
 */
@Sharable
final class AcceptFaults extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = Logger.getLogger(AcceptFaults.class);
    private static final AcceptFaults LAST = new AcceptFaults();

    private AcceptFaults() {}

    /** Makes the same channels, and says what goes wrong with them. */
    static <C extends ServerChannel> ChannelFactory<C> logging(ChannelFactory<C> listeners) {
        return () -> {
            C listener = listeners.newChannel();
            listener.pipeline().addLast(new Late());
            return listener;
        };
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof ClosedChannelException) {
            return; // nobody is to be accepted any more
        }
        LOG.warnf("Clients wait: none is accepted for a second, %s", cause.getMessage());
    }

    /** Netty puts its own last handler behind those that a channel is made with; when it is bound, that is done. */
    private static final class Late extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.pipeline().addLast(LAST);
            ctx.fireChannelActive();
        }
    }
}
