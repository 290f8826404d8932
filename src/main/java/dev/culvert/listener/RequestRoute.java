package dev.culvert.listener;

import dev.culvert.RefusedException;
import dev.culvert.guard.RequestGuard;
import dev.culvert.handshake.UpgradeRequest;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection, behind the decoder: each request goes one of three ways. A plain one is passed on to the HTTP server
 * behind, whose handlers come with the first one, as {@link PlainConnection} has it; an upgrade leaves that server for ever, on
 * an {@link UpgradeRoute}; a refused one is answered here. Event loop only.
 */
final class RequestRoute extends ChannelDuplexHandler {
    private static final Logger LOG = Logger.getLogger(RequestRoute.class);

    private final Rooms rooms;
    private final ClientConnection client;
    private final ChannelHandler server;
    private @Nullable PlainConnection plain;
    private @Nullable UpgradeRoute upgrade;
    private boolean refused;

    /**
     * @param decoder the channel's first handler, once those of the HTTP server are gone
     * @param server puts the HTTP server's handlers behind this one, and {@link #plain()} among them
     */
    RequestRoute(Rooms rooms, Channel channel, GuardedRequestDecoder decoder, ChannelHandler server) {
        this.rooms = rooms;
        this.client = new ClientConnection(channel, decoder, this);
        this.server = server;
    }

    /** The connection as the HTTP server behind has it; to be put before that server's last handler. */
    PlainConnection plain() {
        PlainConnection made = plain;
        if (made == null) {
            made = new PlainConnection(rooms, client);
            plain = made;
        }
        return made;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof RefusedException exception) {
            refuse(null, exception);
        } else if (message instanceof HttpRequest request) {
            route(ctx, request);
        } else if (upgrade != null) {
            upgrade.clientBody((HttpContent) message);
        } else if (isLeft()) {
            ReferenceCountUtil.release(message);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private void route(ChannelHandlerContext ctx, HttpRequest request) {
        rooms.load().requested();
        Optional<UpgradeRequest> asked;
        try {
            RequestGuard.check(request);
            asked = UpgradeRequest.of(request, rooms.settings().upgrade());
            rooms.admission().checkMemory();
        } catch (RefusedException e) {
            refuse(request, e);
            return;
        }
        if (asked.isPresent()) {
            upgrade(request, asked.get());
            return;
        }
        if (plain == null) {
            ctx.pipeline().addLast(server);
        }
        ctx.fireChannelRead(request);
    }

    private void upgrade(HttpRequest request, UpgradeRequest asked) {
        boolean ended = plain != null && plain.isEnded();
        stopPlain();
        client.decoder().hold();
        upgrade = new UpgradeRoute(rooms, client, request, asked);
        upgrade.begin();
        if (ended) {
            upgrade.clientEnded();
        }
    }

    private void stopPlain() {
        if (plain != null) {
            plain.stop();
        }
    }

    /** Whether the HTTP server behind has nothing more to do with the connection. */
    private boolean isLeft() {
        return refused || (plain != null && plain.isOver());
    }

    /** Answers with a refusal, and reads no further request. */
    void refuse(@Nullable HttpRequest request, RefusedException why) {
        refused = true;
        stopPlain();
        client.takeOver(rooms.sockets());
        client.refuse(request, why, rooms.log());
    }

    /** What the server behind says of a request that we answered is not for the client. */
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (upgrade == null && isLeft()) {
            ReferenceCountUtil.release(message);
            if (!promise.isVoid()) { // whose failure would be an exception in the pipeline, and cut our answer
                promise.tryFailure(new ClosedChannelException());
            }
        } else {
            ctx.write(message, promise);
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (upgrade != null || !isLeft()) { // else LingeringClose closes in time
            ctx.close(promise);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (upgrade != null && event instanceof ChannelInputShutdownEvent) {
            upgrade.clientEnded();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (upgrade != null) {
            upgrade.clientWritable(ctx.channel().isWritable());
        } else {
            ctx.fireChannelWritabilityChanged();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (plain != null) {
            plain.clientGone();
        }
        if (upgrade != null) {
            upgrade.clientGone();
        } else {
            ctx.fireChannelInactive();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (upgrade == null && plain != null) {
            ctx.fireExceptionCaught(cause);
        } else {
            LOG.debugf("A client's connection failed: %s", cause.getMessage());
            ctx.close();
        }
    }
}
