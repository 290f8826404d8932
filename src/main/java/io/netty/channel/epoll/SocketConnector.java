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

/** Opens sockets that are none of a channel's from the beginning. */
public final class SocketConnector {
    /**
     * Bytes that the kernel holds of what one socket has still to send, {@code TCP_NOTSENT_LOWAT}: what is under way, as much as
     * the peer and the path take, is not among them. Without it a send buffer grows to 4 MiB for a peer that does not read.
     */
    public static final long MOST_UNSENT = 128 << 10;

    private SocketConnector() {}

    /**
     * Connects a new socket, for as long as the kernel tries.
     *
     * @param eventLoop one of epoll, on which this is called and the future completes
     * @param address resolved, or a unix socket's
     * @return its channel is the {@link TunnelSocket}, which is closed when it cannot be connected
     * @throws IOException where the process may open no more files, or epoll takes no more sockets
     * @throws IllegalAccessError where Netty was loaded by another class loader than Culvert, as in Quarkus' dev mode
     */
    public static ChannelFuture connect(EventLoop eventLoop, SocketAddress address) throws IOException {
        TunnelSocket socket = unconnected((EpollEventLoop) eventLoop, address);
        ChannelPromise connecting = socket.newPromise();
        connecting.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        socket.connectTo(address, connecting); // before epoll is told, once and for all that is waited for
        if (!socket.isOpen()) {
            return connecting;
        }
        socket.register();
        return connecting;
    }

    private static TunnelSocket unconnected(EpollEventLoop eventLoop, SocketAddress address) throws IOException {
        try {
            SharedParts.get(); // which may need a file, too
            TunnelSocket socket = new TunnelSocket(open(address), eventLoop, false);
            socket.active = false;
            return socket;
        } catch (ChannelException noFiles) {
            throw new IOException(noFiles);
        }
    }

    /** Of the address' family alone: a socket for both is the dearer one, for the kernel too. */
    private static LinuxSocket open(SocketAddress address) throws IOException {
        if (!(address instanceof InetSocketAddress app)) {
            return LinuxSocket.newSocketDomain();
        }
        boolean ipv4 = app.getAddress() instanceof Inet4Address;
        LinuxSocket socket =
                LinuxSocket.newSocketStream(ipv4 ? InternetProtocolFamily.IPv4 : InternetProtocolFamily.IPv6);
        try {
            socket.setTcpNoDelay(true);
            socket.setTcpNotSentLowAt(MOST_UNSENT);
        } catch (IOException fault) {
            socket.close();
            throw fault;
        }
        return socket;
    }
}
