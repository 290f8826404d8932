package io.netty.channel.epoll;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.unix.NativeInetAddress;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.function.Supplier;

/**
 * Accepts TCP connections as {@link TunnelSocket}s, which are no event loop's yet ({@link TunnelSocket#register}) and get to the
 * handlers of this channel's pipeline. They inherit what is set here: no delay for small sends, and a bound for what the kernel
 * holds unsent.
 *
 * <p>Netty's own accepting channel cannot be extended, hence this one beside it; checked with Netty 4.1.140.
 */
public final class SocketListener extends AbstractEpollServerChannel {
    private final EpollServerChannelConfig config = new EpollServerChannelConfig(this);
    private final Supplier<EventLoop> eventLoops;

    /**
     * @param eventLoops of epoll, the next one for each connection
     * @throws io.netty.channel.ChannelException where the process may open no more files
     */
    public SocketListener(Supplier<EventLoop> eventLoops) {
        super(LinuxSocket.newSocketStream(), false);
        this.eventLoops = eventLoops;
        SharedParts.get(); // which needs a file, too
    }

    @Override
    public EpollServerChannelConfig config() {
        return config;
    }

    @Override
    protected void doBind(SocketAddress address) throws Exception {
        super.doBind(address);
        socket.setTcpNoDelay(true);
        socket.setTcpNotSentLowAt(SocketConnector.MOST_UNSENT);
        socket.listen(config.getBacklog());
        active = true;
    }

    @Override
    protected Channel newChildChannel(int descriptor, byte[] address, int offset, int length) throws IOException {
        LinuxSocket accepted = new LinuxSocket(descriptor);
        try {
            TunnelSocket socket = new TunnelSocket(accepted, (EpollEventLoop) eventLoops.get(), false);
            socket.setPeer(NativeInetAddress.address(address, offset, length));
            return socket;
        } catch (IllegalStateException ending) { // no event loop is left
            accepted.close();
            throw new ClosedChannelException();
        }
    }
}
