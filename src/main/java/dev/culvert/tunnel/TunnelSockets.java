package dev.culvert.tunnel;

import dev.culvert.config.TunnelSettings;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EndOfStreamInterest;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;

/**
 * How the sockets of a tunnel are set. The bound of {@code culvert.tunnel.buffer} is kept in two halves: a sink that holds
 * half of it is full, and a read that was under way takes at most the other half.
 */
public final class TunnelSockets {
    private static final int FIRST_READ = 2048;
    private static final int SMALLEST_READ = 256;
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
        return new AdaptiveRecvByteBufAllocator(
                Math.min(SMALLEST_READ, largest), Math.min(FIRST_READ, largest), largest);
    }

    /** Sets a socket that becomes one side of a tunnel. */
    void prepare(Channel channel) {
        ChannelConfig config = channel.config();
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
