package dev.culvert.listener;

import dev.culvert.RefusedException;
import dev.culvert.guard.RequestGuard;
import dev.culvert.handshake.UpgradeRequest;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection, between the decoder and the HTTP server: each request goes one of three ways. A plain one is
 * passed on to the server behind; an upgrade leaves the server for ever, on an {@link UpgradeRoute}; a refused one is
 * answered here. Event loop only.
 */
final class RequestRoute extends ChannelDuplexHandler {
    private final Rooms rooms;
    private final GuardedRequestDecoder decoder;
    private @Nullable UpgradeRoute upgrade;
    private boolean refused;
    private boolean inRequest;
    private boolean inResponse;
    private boolean lastRequest;

    RequestRoute(Rooms rooms, GuardedRequestDecoder decoder) {
        this.rooms = rooms;
        this.decoder = decoder;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof RefusedException exception) {
            refuse(ctx, null, exception);
        } else if (message instanceof HttpRequest request) {
            route(ctx, request);
        } else if (upgrade != null) {
            upgrade.clientBody((HttpContent) message);
        } else if (refused) {
            ReferenceCountUtil.release(message);
        } else {
            inRequest = !(message instanceof LastHttpContent);
            ctx.fireChannelRead(message);
            nextWhenDone();
        }
    }

    private void route(ChannelHandlerContext ctx, HttpRequest request) {
        Optional<UpgradeRequest> asked;
        try {
            RequestGuard.check(request);
            asked = UpgradeRequest.of(request, rooms.settings().upgrade());
        } catch (RefusedException e) {
            refuse(ctx, request, e);
            return;
        }
        if (asked.isPresent()) {
            decoder.hold();
            upgrade = new UpgradeRoute(rooms, new ClientConnection(ctx.channel(), decoder, this), request, asked.get());
            upgrade.begin();
            return;
        }
        inRequest = true;
        inResponse = true;
        lastRequest = !HttpUtil.isKeepAlive(request);
        rooms.upstreamHead().ofPlain(request, ClientConnection.address(ctx.channel()));
        ctx.fireChannelRead(request);
    }

    private void refuse(ChannelHandlerContext ctx, @Nullable HttpRequest request, RefusedException why) {
        refused = true;
        ClientConnection client = new ClientConnection(ctx.channel(), decoder, this);
        client.takeOver(rooms.sockets());
        client.refuse(request, why, rooms.log());
    }

    /** The HTTP server's answer to a plain request passes here on its way out. */
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ctx.write(message, promise);
        if (!inResponse) {
            return;
        }
        if (message instanceof HttpResponse response) {
            if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                return;
            }
            lastRequest |= !HttpUtil.isKeepAlive(response);
        }
        if (message instanceof LastHttpContent) {
            inResponse = false;
            ctx.executor().execute(this::nextWhenDone); // not before the server behind has noticed that it is done
        }
    }

    /** What follows a request that closes the connection is never a request: RFC 9112 §9.6. */
    private void nextWhenDone() {
        if (!inRequest && !inResponse && !lastRequest) {
            decoder.next();
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
        if (upgrade != null) {
            upgrade.clientGone();
        } else {
            ctx.fireChannelInactive();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (upgrade != null) {
            ctx.close();
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }
}
