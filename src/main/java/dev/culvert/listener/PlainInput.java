package dev.culvert.listener;

import static java.util.Objects.requireNonNull;

import dev.culvert.RefusedException;
import dev.culvert.flow.SinkBacklog;
import dev.culvert.handshake.UpgradeRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.PausableReads;
import io.netty.channel.epoll.SocketTakeover;
import io.netty.channel.epoll.TunnelSocket;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a client says on a channel: plain requests, one after the other, for the HTTP server behind. With one that is an upgrade, or
 * is refused, the socket leaves its channel for ever. The channel's first handler. Event loop only.
 */
final class PlainInput extends ChannelInboundHandlerAdapter implements RequestDecoder.Taker, RequestWays {
    private final Rooms rooms;
    private final RequestDecoder decoder;
    private final InetSocketAddress peer;
    private final PlainConnection connection;
    private @Nullable ChannelHandlerContext context;
    private boolean left;

    PlainInput(Rooms rooms, RequestDecoder decoder, InetSocketAddress peer) {
        this.rooms = rooms;
        this.decoder = decoder;
        this.peer = peer;
        this.connection = new PlainConnection(rooms, this, peer.getAddress());
    }

    /** The connection as the HTTP server behind has it; to be put before that server's last handler. */
    PlainConnection connection() {
        return connection;
    }

    /** The exchange is over; the next request may come. */
    void next() {
        decoder.next();
        readComplete();
    }

    /** For now that was all, of what came before there was a channel, or was held. */
    void readComplete() {
        if (!left) {
            context().fireChannelReadComplete();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (left) {
            ReferenceCountUtil.release(message);
        } else {
            decoder.read((ByteBuf) message);
        }
    }

    @Override
    public void came(Object message) {
        if (message instanceof RefusedException refused) {
            refuse(null, refused);
        } else if (message instanceof HttpRequest request) {
            RequestWays.lead(request, rooms, this);
        } else {
            context().fireChannelRead(message);
        }
    }

    @Override
    public void plain(HttpRequest request) {
        context().fireChannelRead(request);
    }

    @Override
    public void upgrade(HttpRequest request, UpgradeRequest asked) {
        leave().upgrade(request, asked);
    }

    @Override
    public void refuse(@Nullable HttpRequest request, RefusedException why) {
        leave().refuse(request, why);
    }

    /** The client's socket leaves the channel, which for the server behind is closed. */
    ClientInput leave() {
        left = true;
        connection.stop();
        Channel channel = context().channel();
        channel.config().setAutoRead(false); // or Netty would go on with the read that this may be part of
        TunnelSocket socket = SocketTakeover.of(channel, connection.isEnded());
        return ClientInput.of(rooms, new ClientSocket(socket, decoder, peer));
    }

    @Override
    public void reading(boolean on) {
        Channel channel = context().channel();
        channel.config().setAutoRead(on);
        if (!on) {
            PausableReads.keepPauses(channel); // or all that the client sent before it would be read at once
        }
    }

    /** Whoever has not taken its last answer yet is no client that we wait for: a close would cut that answer. */
    @Override
    public void idle() {
        if (SinkBacklog.pending(context().channel()) > 0) {
            decoder.waitOn();
        } else {
            context().close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!left) {
            decoder.discard();
        }
        ctx.fireChannelInactive();
    }

    private ChannelHandlerContext context() {
        return requireNonNull(context, "not in a pipeline");
    }
}
