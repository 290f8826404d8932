package io.netty.channel.epoll;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.InternetProtocolFamily;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Supplier;

/** Opens sockets that are none of a channel's from the beginning. */
public final class SocketConnector {
    private SocketConnector() {}

    /**
     * Connects a new socket, for as long as the kernel tries.
     *
     * @param eventLoop one of epoll, on which this is called and the future completes
     * @param address resolved, or a unix socket's
     * @return its channel is the {@link TunnelSocket}, which is closed when it cannot be connected
     * @throws IOException where the process may open no more files
     * @throws IllegalAccessError where Netty was loaded by another class loader than Culvert, as in Quarkus' dev mode
     */
    public static ChannelFuture connect(EventLoop eventLoop, SocketAddress address) throws IOException {
        EpollEventLoop loop = (EpollEventLoop) eventLoop;
        TunnelSocket socket = new TunnelSocket(open(address), loop, false);
        socket.active = false;
        ChannelPromise connecting = socket.newPromise();
        connecting.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        socket.unsafe().connect(address, null, connecting); // before epoll is told, once and for all that is waited for
        if (socket.isOpen()) {
            socket.unsafe().register(loop, socket.unsafe().voidPromise());
        }
        return connecting;
    }

    /** Of the address' family alone: a socket for both is the dearer one, for the kernel too. */
    private static LinuxSocket open(SocketAddress address) throws IOException {
        if (!(address instanceof InetSocketAddress app)) {
            return opened(LinuxSocket::newSocketDomain);
        }
        boolean ipv4 = app.getAddress() instanceof Inet4Address;
        LinuxSocket socket = opened(
                () -> LinuxSocket.newSocketStream(ipv4 ? InternetProtocolFamily.IPv4 : InternetProtocolFamily.IPv6));
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static LinuxSocket opened(Supplier<LinuxSocket> opening) throws IOException {
        try {
            return opening.get();
        } catch (ChannelException noFiles) {
            throw new IOException(noFiles);
        }
    }
}
