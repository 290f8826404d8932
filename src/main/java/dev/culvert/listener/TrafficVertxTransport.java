package dev.culvert.listener;

import static java.util.Objects.requireNonNull;

import dev.culvert.plain.PlainSockets;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.bootstrap.ServerBootstrapConfig;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.SocketConnector;
import io.netty.channel.epoll.SocketListener;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Epoll, whose connections are accepted as bare sockets, by whoever carries traffic, and given to somebody else than the HTTP server:
 * its initializer and options of an accepted channel, which it sets before it asks for this, are for those that become one. A bound
 * for what the kernel holds of a connection to the app.
 */
final class TrafficVertxTransport extends EpollTransport {
    private final ConnectionLimit connections;
    private final BiFunction<ChannelHandler, Map<ChannelOption<?>, Object>, ChannelHandler> clients;
    private @Nullable EventLoopGroup eventLoops;
    private @Nullable EventLoopGroup carriers;

    TrafficVertxTransport(
            ConnectionLimit connections,
            BiFunction<ChannelHandler, Map<ChannelOption<?>, Object>, ChannelHandler> clients) {
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
        return AcceptFaults.logging(() -> new SocketListener(requireNonNull(carriers)::next));
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        super.configure(options, domainSocket, bootstrap);
        ServerBootstrapConfig config = bootstrap.config();
        carriers = config.childGroup();
        bootstrap
                .option(EpollChannelOption.SO_REUSEPORT, null)
                .childOption(EpollChannelOption.TCP_USER_TIMEOUT, null)
                .childOption(EpollChannelOption.TCP_QUICKACK, null)
                .childOption(EpollChannelOption.TCP_CORK, null)
                .childOption(ChannelOption.SO_KEEPALIVE, null)
                .childOption(ChannelOption.TCP_NODELAY, null); // they inherit it
        ChannelHandler taker = clients.apply(config.childHandler(), config.childOptions());
        bootstrap.handler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel listener) {
                if (connections.isSet()) {
                    listener.pipeline().addLast(connections);
                }
                listener.pipeline().addLast(taker);
            }
        });
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
