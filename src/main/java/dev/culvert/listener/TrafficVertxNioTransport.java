package dev.culvert.listener;

import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import io.vertx.core.impl.transports.JDKTransport;

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
}
