package dev.culvert.listener;

import dev.culvert.plain.PlainSockets;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.vertx.core.impl.transports.JDKTransport;
import io.vertx.core.net.ClientOptionsBase;

/** What the JDK brings, with the limit of connections where they are accepted. */
final class TrafficVertxNioTransport extends JDKTransport {
    private final ConnectionLimit connections;

    TrafficVertxNioTransport(ConnectionLimit connections) {
        this.connections = connections;
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return connections.watching(super.serverChannelFactory(domainSocket));
    }

    @Override
    public void configure(ClientOptionsBase options, boolean domainSocket, Bootstrap bootstrap) {
        super.configure(options, domainSocket, bootstrap);
        bootstrap.option(ChannelOption.WRITE_BUFFER_WATER_MARK, PlainSockets.ANSWER_WINDOW);
    }
}
