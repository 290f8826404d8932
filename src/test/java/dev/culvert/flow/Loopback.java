package dev.culvert.flow;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A channel of Netty's on an event loop of its own, and its peer, a socket of the JDK's. */
public final class Loopback {
    /** A read that waits for what never comes cannot be interrupted, and would hold the whole run. */
    private static final int READ_MILLIS = 30_000;

    private final EpollEventLoopGroup eventLoops = new EpollEventLoopGroup(1);
    private final ServerSocket listening;
    private final Channel channel;
    private final Socket peer;

    public Loopback() throws Exception {
        listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        channel = new Bootstrap()
                .group(eventLoops)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(listening.getInetAddress(), listening.getLocalPort())
                .sync()
                .channel();
        peer = listening.accept();
        peer.setSoTimeout(READ_MILLIS);
    }

    public Channel channel() {
        return channel;
    }

    public Socket peer() {
        return peer;
    }

    /** On the channel's event loop, and waits for it. */
    public <T> T call(Callable<T> action) throws Exception {
        return eventLoops.next().submit(action).get();
    }

    /** On the channel's event loop, and waits for it. */
    public void run(Runnable action) throws Exception {
        eventLoops.next().submit(action).get();
    }

    /** With whatever the event loop still has. */
    public void close() throws Exception {
        peer.close();
        listening.close();
        eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
}
