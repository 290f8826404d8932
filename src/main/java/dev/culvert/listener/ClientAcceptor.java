package dev.culvert.listener;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.TunnelSocket;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;

/**
 * Takes what is accepted, each connection to its event loop. What stands behind it in the pipeline of the channel that accepts, for
 * the HTTP server, sees none of it. Any thread.
 */
@Sharable
final class ClientAcceptor extends ChannelInboundHandlerAdapter {
    private final Rooms rooms;
    private final PlainDoor plain;

    /** @param plain where plain requests go */
    ClientAcceptor(Rooms rooms, PlainDoor plain) {
        this.rooms = rooms;
        this.plain = plain;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object client) {
        TunnelSocket socket = (TunnelSocket) client;
        InetSocketAddress peer = Objects.requireNonNull(socket.takePeer());
        EventLoop eventLoop = socket.eventLoop();
        if (eventLoop.inEventLoop()) {
            ClientInput.accept(rooms, socket, peer, plain);
        } else {
            try {
                eventLoop.execute(() -> ClientInput.accept(rooms, socket, peer, plain));
            } catch (RejectedExecutionException ending) {
                socket.close();
            }
        }
    }
}
