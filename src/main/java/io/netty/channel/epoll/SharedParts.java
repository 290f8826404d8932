package io.netty.channel.epoll;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultChannelPipeline;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import org.jspecify.annotations.Nullable;

/**
 * What Netty has a channel of its own for each socket, and what all {@link TunnelSocket}s have together, since they ask nothing of
 * it. Any thread; what changes in here is of no consequence but for the bytes of one gathering write, which Netty adapts to how
 * much was taken of the last one.
 *
 * @param id of no one in particular
 * @param pipeline of a channel that is open and does nothing: Netty tells it of every socket's events
 * @param config Netty's defaults
 * @param handle that Netty tells of a FIN
 */
@SuppressWarnings("deprecation") // Netty's own interface still returns the plain handle
record SharedParts(
        ChannelId id, DefaultChannelPipeline pipeline, EpollChannelConfig config, EpollRecvByteAllocatorHandle handle) {
    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(SharedParts.class);

    /** Not made with the class: a native image would keep what Netty learns of the machine that it was built on. */
    private static volatile @Nullable SharedParts instance;

    static SharedParts get() {
        SharedParts made = instance;
        if (made == null) {
            made = make();
            instance = made;
        }
        return made;
    }

    private static SharedParts make() {
        EmbeddedChannel unheard = new EmbeddedChannel(new Faults());
        unheard.config().setAutoRead(false); // or each socket would have it read
        EpollDomainSocketChannel configured = new EpollDomainSocketChannel();
        configured.unsafe().closeForcibly();
        EpollChannelConfig config = configured.config();
        config.setAllocator(PooledByteBufAllocator.DEFAULT);
        config.setConnectTimeoutMillis(0); // whoever connects has a clock
        return new SharedParts(
                unheard.id(),
                (DefaultChannelPipeline) unheard.pipeline(),
                config,
                new EpollRecvByteAllocatorHandle((ExtendedHandle) new AdaptiveRecvByteBufAllocator().newHandle()));
    }

    /** Whoever wrote or reads hears of them by other ways. */
    private static final class Faults extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.debug("A tunnel's socket failed", cause);
        }
    }
}
