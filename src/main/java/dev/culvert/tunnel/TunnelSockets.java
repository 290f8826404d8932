package dev.culvert.tunnel;

import dev.culvert.config.TunnelSettings;
import dev.culvert.flow.Flow;
import dev.culvert.flow.SharedReads;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.PausableReads;
import io.netty.channel.epoll.TunnelSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jboss.logging.Logger;

/**
 * How the sockets of a tunnel are set. {@code culvert.tunnel.buffer} bounds one burst: a read brings half of it at the most,
 * and so much may be written before it is time to look whether the sink takes it.
 */
public final class TunnelSockets {
    private static final Logger LOG = Logger.getLogger(TunnelSockets.class);

    private static final int LARGEST_READ = 64 << 10;

    /** A silent peer is asked after a minute, and given up after a minute without an answer. */
    private static final int KEEPALIVE_IDLE_SECONDS = 60;

    private static final int KEEPALIVE_INTERVAL_SECONDS = 10;
    private static final int KEEPALIVE_PROBES = 6;

    private final int half;
    private final RecvByteBufAllocator reads;
    private final WriteBufferWaterMark marks;

    /** @param flow their bytes have part in it */
    public TunnelSockets(TunnelSettings settings, Flow flow) {
        this.half = settings.buffer().asBigInteger().intValueExact() / 2;
        this.reads = new SharedReads(LARGEST_READ, flow.backlog());
        this.marks = new WriteBufferWaterMark(half / 2, half);
    }

    /** Bytes that may wait for the app before it has switched, a read under way not counted. */
    public int heldEarly() {
        return half;
    }

    /** Sizes reads by what arrives, within half of the buffer and the share of what all may hold. Before a channel's first read. */
    public void boundReads(Channel channel) {
        PausableReads.set(channel, reads);
    }

    /** Makes the coming close of a socket a reset. One that is closed already stays as it is. */
    public static void closeWithReset(Channel channel) {
        try {
            if (channel.isOpen()) { // a closed one's number may be another's
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
            }
        } catch (ChannelException closed) {
            LOG.debug("A socket was gone before it could be reset", closed);
        }
    }

    /** Sets a connection to the app, which becomes one side of a tunnel. */
    public static void prepareApp(TunnelSocket app, SocketAddress address) {
        if (address instanceof InetSocketAddress && !isOnThisHost(address)) {
            app.keepAlive(KEEPALIVE_IDLE_SECONDS, KEEPALIVE_INTERVAL_SECONDS, KEEPALIVE_PROBES);
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

    private static boolean isOnThisHost(SocketAddress peer) {
        return peer instanceof InetSocketAddress inet && inet.getAddress().isLoopbackAddress();
    }

    private void set(Channel channel) {
        ChannelConfig config = channel.config();
        PausableReads.keepPauses(channel);
        config.setAllocator(PooledByteBufAllocator.DEFAULT);
        config.setWriteBufferWaterMark(marks);
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        if (isOnThisHost(channel.remoteAddress())) {
            return; // its peer cannot vanish without the kernel's knowing
        }
        if (channel instanceof EpollSocketChannel) {
            config.setOption(ChannelOption.SO_KEEPALIVE, true);
            config.setOption(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS);
            config.setOption(EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_INTERVAL_SECONDS);
            config.setOption(EpollChannelOption.TCP_KEEPCNT, KEEPALIVE_PROBES);
        }
    }
}
