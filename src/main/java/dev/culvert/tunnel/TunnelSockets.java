package dev.culvert.tunnel;

import dev.culvert.config.TunnelSettings;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EndOfStreamInterest;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import org.jboss.logging.Logger;

/**
 * How the sockets of a tunnel are set. The bound of {@code culvert.tunnel.buffer} is kept in two halves: a sink that holds
 * half of it is full, and a read that was under way takes at most the other half.
 */
public final class TunnelSockets {
    private static final Logger LOG = Logger.getLogger(TunnelSockets.class);

    private static final int FIRST_READ = 2048;
    private static final int SMALLEST_READ = 256;
    private static final int READS_IN_A_ROW = 16;
    private static final int LARGEST_READ = 64 << 10;

    /** A silent peer is asked after a minute, and given up after a minute without an answer. */
    private static final int KEEPALIVE_IDLE_SECONDS = 60;

    private static final int KEEPALIVE_INTERVAL_SECONDS = 10;
    private static final int KEEPALIVE_PROBES = 6;

    private final int half;

    public TunnelSockets(TunnelSettings settings) {
        this.half = settings.buffer().asBigInteger().intValueExact() / 2;
    }

    /** Bytes that may wait for the app before it has switched, a read under way not counted. */
    public int heldEarly() {
        return half;
    }

    /** Sizes reads by what arrives, within half of the buffer. It must be set before a channel's first read. */
    public RecvByteBufAllocator reads() {
        int largest = Math.min(half, LARGEST_READ);
        AdaptiveRecvByteBufAllocator reads = new AdaptiveRecvByteBufAllocator(
                Math.min(SMALLEST_READ, largest), Math.min(FIRST_READ, largest), largest);
        // A short read is no sign that nothing is left: the end of the stream may wait behind it, and no event tells.
        reads.respectMaybeMoreData(false);
        reads.maxMessagesPerRead(READS_IN_A_ROW);
        return reads;
    }

    /** Makes the coming close of a socket a reset. One that is closed already stays as it is. */
    public static void closeWithReset(Channel channel) {
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException closed) {
            LOG.debug("A socket was gone before it could be reset", closed);
        }
    }

    /** Sets a socket that may become one side of a tunnel. One that is closed already stays as it is. */
    public void prepare(Channel channel) {
        try {
            set(channel);
        } catch (ChannelException closed) {
            LOG.debug("A socket was gone before it could be set", closed);
        }
    }

    private void set(Channel channel) {
        ChannelConfig config = channel.config();
        if (config.getRecvByteBufAllocator() instanceof MaxMessagesRecvByteBufAllocator reads) {
            reads.maxMessagesPerRead(Integer.MAX_VALUE); // up to the end of what is there; a full sink stops it before
        }
        config.setAllocator(PooledByteBufAllocator.DEFAULT);
        config.setWriteBufferWaterMark(new WriteBufferWaterMark(half / 2, half));
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        if (channel instanceof SocketChannel) {
            config.setOption(ChannelOption.TCP_NODELAY, true);
            config.setOption(ChannelOption.SO_KEEPALIVE, true);
        }
        if (channel instanceof EpollSocketChannel tcp) {
            EndOfStreamInterest.drop(tcp);
            config.setOption(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS);
            config.setOption(EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_INTERVAL_SECONDS);
            config.setOption(EpollChannelOption.TCP_KEEPCNT, KEEPALIVE_PROBES);
        } else if (channel instanceof EpollDomainSocketChannel unix) {
            EndOfStreamInterest.drop(unix);
        }
    }
}
