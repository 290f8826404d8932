package dev.culvert.listener;

import dev.culvert.plain.PlainSockets;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.SocketConnector;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import java.util.concurrent.ThreadFactory;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Epoll, without the system calls that would set each accepted socket to what it is already; with a bound for what the kernel holds
 * of each, with the limit of connections where they are accepted, and with our own beginning of each of them. An HTTP server sets its
 * initializer before it asks for this.
 */
final class TrafficVertxTransport extends EpollTransport {
    private final ConnectionLimit connections;
    private final UnaryOperator<ChannelHandler> clients;
    private @Nullable EventLoopGroup eventLoops;

    TrafficVertxTransport(ConnectionLimit connections, UnaryOperator<ChannelHandler> clients) {
        this.connections = connections;
        this.clients = clients;
    }

    /** Whoever carries traffic accepts it, too: a thread for that alone would wake another for each connection. */
    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
        if (type != ACCEPTOR_EVENT_LOOP_GROUP || eventLoops == null) {
            eventLoops = super.eventLoopGroup(type, threads, factory, ioRatio);
        }
        return eventLoops;
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return AcceptFaults.logging(connections.watching(super.serverChannelFactory(domainSocket)));
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        super.configure(options, domainSocket, bootstrap);
        bootstrap
                .childHandler(clients.apply(bootstrap.config().childHandler()))
                .childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, SocketConnector.MOST_UNSENT)
                .childOption(EpollChannelOption.TCP_USER_TIMEOUT, null)
                .childOption(EpollChannelOption.TCP_QUICKACK, null)
                .childOption(EpollChannelOption.TCP_CORK, null)
                .childOption(ChannelOption.SO_KEEPALIVE, null)
                .childOption(ChannelOption.TCP_NODELAY, null); // Netty sets it on every socket
    }

    @Override
    public void configure(ClientOptionsBase options, boolean domainSocket, Bootstrap bootstrap) {
        super.configure(options, domainSocket, bootstrap);
        bootstrap.option(ChannelOption.WRITE_BUFFER_WATER_MARK, PlainSockets.ANSWER_WINDOW);
        if (!domainSocket) {
            bootstrap.option(EpollChannelOption.TCP_NOTSENT_LOWAT, SocketConnector.MOST_UNSENT);
        }
    }
}
