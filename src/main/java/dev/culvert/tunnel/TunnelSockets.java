package dev.culvert.tunnel;

import dev.culvert.config.TunnelSettings;
import io.netty.channel.epoll.TunnelSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** How the sockets of a tunnel are set. {@code culvert.tunnel.buffer} bounds one burst: a read brings half of it at the most. */
public final class TunnelSockets {
    /** A silent peer is asked after a minute, and given up after a minute without an answer. */
    private static final int KEEPALIVE_IDLE_SECONDS = 60;

    private static final int KEEPALIVE_INTERVAL_SECONDS = 10;
    private static final int KEEPALIVE_PROBES = 6;

    private TunnelSockets() {}

    /** Bytes that may wait for the app before it has switched, a read under way not counted. */
    public static int heldEarly(TunnelSettings settings) {
        return settings.buffer().asBigInteger().intValueExact() / 2;
    }

    /**
     * Sets a socket that may become one side of a tunnel. One that is closed already stays as it is.
     *
     * @param peer of another host it is asked whether it is still there; one on this host cannot vanish without the kernel's
     *     knowing
     */
    public static void prepare(TunnelSocket socket, SocketAddress peer) {
        if (peer instanceof InetSocketAddress inet && !inet.getAddress().isLoopbackAddress()) {
            socket.keepAlive(KEEPALIVE_IDLE_SECONDS, KEEPALIVE_INTERVAL_SECONDS, KEEPALIVE_PROBES);
        }
    }
}
