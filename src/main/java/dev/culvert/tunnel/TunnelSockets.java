package dev.culvert.tunnel;

import dev.culvert.config.TunnelSettings;
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
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
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

    /** Bytes of an answer that the HTTP client keeps on the heap before it pauses the app: its connections' water mark. */
    public static final WriteBufferWaterMark PLAIN_WINDOW = new WriteBufferWaterMark(8 << 10, 16 << 10);

    /** Of the app's answers to plain requests. */
    private static final int LARGEST_PLAIN_READ = 16 << 10;

    /** Bytes of a request's body that the HTTP server keeps on the heap before it pauses the client: eight pieces. */
    private static final int CLIENT_WINDOW = 64 << 10;

    /** A silent peer is asked after a minute, and given up after a minute without an answer. */
    private static final int KEEPALIVE_IDLE_SECONDS = 60;

    private static final int KEEPALIVE_INTERVAL_SECONDS = 10;
    private static final int KEEPALIVE_PROBES = 6;

    private final int half;
    private final RecvByteBufAllocator reads;
    private final RecvByteBufAllocator plainReads;
    private final WriteBufferWaterMark marks;
    private final Backlog backlog;

    /** @param backlog bounds reads, too */
    public TunnelSockets(TunnelSettings settings, Backlog backlog) {
        this.backlog = backlog;
        this.half = settings.buffer().asBigInteger().intValueExact() / 2;
        this.reads = reads(Math.min(half, LARGEST_READ));
        this.plainReads = reads(Math.min(half, LARGEST_PLAIN_READ));
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

    private RecvByteBufAllocator reads(int largest) {
        SharedReads reads =
                new SharedReads(Math.min(SMALLEST_READ, largest), Math.min(FIRST_READ, largest), largest, backlog);
        reads.maxMessagesPerRead(READS_IN_A_ROW);
        return reads;
    }

    /** Sets a connection to the app that carries plain requests, before its first read: its end, too, waits for its reader. */
    public void prepareForPlain(Channel channel) {
        PausableReads.set(channel, plainReads);
        bound(channel, PLAIN_WINDOW.high() + LARGEST_PLAIN_READ);
        PausableReads.keepPauses(channel);
    }

    /** Sets a client's connection, before its first read. */
    public void prepareClient(Channel channel) {
        boundReads(channel);
        bound(channel, CLIENT_WINDOW);
    }

    /** What waits for a socket of plain requests, and what waits behind it, is counted and bounded as a tunnel's. */
    private void bound(Channel channel, int window) {
        channel.pipeline().addFirst("backlog", new PlainBacklog(backlog, window));
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
        if (channel instanceof SocketChannel) {
            config.setOption(ChannelOption.SO_KEEPALIVE, true);
        }
        if (channel instanceof EpollSocketChannel) {
            config.setOption(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS);
            config.setOption(EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_INTERVAL_SECONDS);
            config.setOption(EpollChannelOption.TCP_KEEPCNT, KEEPALIVE_PROBES);
        }
    }
}
