package io.netty.channel.epoll;

import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** How a socket is connected with the fewest questions: nobody asks the kernel for its addresses. Event loop only. */
abstract class UnaskedConnect extends AbstractEpollStreamChannel {
    UnaskedConnect(LinuxSocket socket) {
        super(socket, false); // else it would ask for the addresses
    }

    /** Begins to connect; neither before nor behind it are the addresses asked for. */
    final void connectTo(SocketAddress address, ChannelPromise connecting) {
        unsafe().connect(new Unasked(address), null, connecting);
    }

    /**
     * On this host the peer's kernel has answered before ours returns, which says that it is still under way; a second call hears
     * of it, and epoll has nothing to tell.
     */
    @Override
    protected boolean doConnect(SocketAddress remote, @Nullable SocketAddress local) throws Exception {
        SocketAddress address = ((Unasked) remote).address;
        boolean connected = doConnect0(address);
        if (!connected
                && address instanceof InetSocketAddress peer
                && peer.getAddress().isLoopbackAddress()) {
            connected = socket.connect(address);
            if (connected) {
                clearFlag(Native.EPOLLOUT);
            }
        }
        return connected;
    }

    /** An address, in a wrapper which Netty does not know: it asks the kernel for the peer of a connection to any that it knows. */
    private static final class Unasked extends SocketAddress {
        private static final long serialVersionUID = 1L;

        private final SocketAddress address;

        Unasked(SocketAddress address) {
            this.address = address;
        }
    }

    /** Once it is connected, epoll would tell no more that it takes bytes; edge-triggered, it does not anyway. */
    @Override
    void clearFlag(int flag) throws IOException {
        if (flag == Native.EPOLLOUT && !active) {
            flags &= ~flag;
        } else {
            super.clearFlag(flag);
        }
    }
}
