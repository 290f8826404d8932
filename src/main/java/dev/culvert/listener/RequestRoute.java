package dev.culvert.listener;

import dev.culvert.RefusedException;
import dev.culvert.guard.RequestGuard;
import dev.culvert.handshake.UpgradeRequest;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection, between the decoder and the HTTP server: each request goes one of three ways. A plain one is
 * passed on to the server behind, as its {@link PlainConnection} has it; an upgrade leaves the server for ever, on an {@link
 * UpgradeRoute}; a refused one is answered here. Event loop only.
 */
final class RequestRoute extends ChannelDuplexHandler {
    private final Rooms rooms;
    private final ClientConnection client;
    private final PlainConnection plain;
    private @Nullable UpgradeRoute upgrade;

    /** @param decoder the channel's first handler, once those of the HTTP server are gone */
    RequestRoute(Rooms rooms, Channel channel, GuardedRequestDecoder decoder) {
        this.rooms = rooms;
        this.client = new ClientConnection(channel, decoder, this);
        this.plain = new PlainConnection(rooms, client);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof RefusedException exception) {
            refuse(null, exception);
        } else if (message instanceof HttpRequest request) {
            route(ctx, request);
        } else if (upgrade != null) {
            upgrade.clientBody((HttpContent) message);
        } else if (plain.isOver()) {
            ReferenceCountUtil.release(message);
        } else {
            plainBody(ctx, (HttpContent) message);
        }
    }

    private void plainBody(ChannelHandlerContext ctx, HttpContent content) {
        try {
            plain.body(ctx, content);
        } catch (RefusedException e) {
            refuse(null, e);
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
        } else {
            plain.request(ctx, request);
        }
    }

    private void upgrade(HttpRequest request, UpgradeRequest asked) {
        plain.stop();
        client.decoder().hold();
        upgrade = new UpgradeRoute(rooms, client, request, asked);
        upgrade.begin();
        if (plain.isEnded()) {
            upgrade.clientEnded();
        }
    }

    private void refuse(@Nullable HttpRequest request, RefusedException why) {
        plain.stop();
        client.takeOver(rooms.sockets());
        client.refuse(request, why, rooms.log());
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (upgrade != null) {
            ctx.write(message, promise);
        } else {
            plain.write(ctx, message, promise);
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (upgrade != null) {
            ctx.close(promise);
        } else if (!plain.isOver()) { // else LingeringClose closes in time
            plain.close(ctx, promise);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        boolean end = event instanceof ChannelInputShutdownEvent;
        if (upgrade != null && end) {
            upgrade.clientEnded();
        } else if (end) {
            plain.clientEnded(ctx);
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
            plain.nextWhenDone(ctx);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        plain.clientGone();
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
