package dev.culvert.listener;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.guard.RequestGuard;
import dev.culvert.handshake.UpgradeRequest;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
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
    private @Nullable PlainExchange plain;
    private @Nullable EndedClient ended;
    private boolean refused;

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
            plainBody(ctx, (HttpContent) message);
        }
    }

    private void plainBody(ChannelHandlerContext ctx, HttpContent content) {
        PlainExchange exchange = plain;
        if (exchange == null) {
            throw new IllegalStateException("a body without a request");
        }
        if (!content.decoderResult().isSuccess()) {
            content.release();
            giveUp(ctx);
            if (exchange.isAnswerBegun()) {
                ctx.close();
            } else {
                refuse(ctx, null, new RefusedException(Refusal.BAD_FRAMING, "the request's body cannot be read"));
            }
            return;
        }
        exchange.requestPassed(content);
        ctx.fireChannelRead(content);
        nextWhenDone(ctx);
    }

    private void route(ChannelHandlerContext ctx, HttpRequest request) {
        rooms.load().requested();
        Optional<UpgradeRequest> asked;
        try {
            RequestGuard.check(request);
            asked = UpgradeRequest.of(request, rooms.settings().upgrade());
            rooms.admission().checkMemory();
        } catch (RefusedException e) {
            refuse(ctx, request, e);
            return;
        }
        if (asked.isPresent()) {
            decoder.hold();
            upgrade = new UpgradeRoute(rooms, new ClientConnection(ctx.channel(), decoder, this), request, asked.get());
            upgrade.begin();
            if (ended != null) {
                ended.stop();
                upgrade.clientEnded();
            }
            return;
        }
        rooms.load().exchangeBegan();
        ctx.channel()
                .config()
                .setOption(ChannelOption.ALLOW_HALF_CLOSURE, true); // it may end its stream, and still read
        rooms.upstreamHead().ofPlain(request, ClientConnection.address(ctx.channel()));
        plain = new PlainExchange(request); // as the server behind sees it: both have to agree on which is the last
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
        if (refused && message instanceof HttpObject) {
            ReferenceCountUtil.release(message); // what the server behind says of a request that we answered
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        PlainExchange exchange = plain;
        if (exchange == null || exchange.isAnswerWhole()) {
            ctx.write(message, promise);
            return;
        }
        if (message instanceof HttpResponse head && !rooms.admission().isOpen()) {
            exchange.closeBehind(head);
        }
        ctx.write(message, promise);
        exchange.answerPassed(message);
        if (ended != null) {
            ended.answering();
        }
        if (exchange.isAnswerWhole()) {
            rooms.load().exchangeEnded();
            boolean early = exchange.isAnsweredEarly();
            // Not before the server behind has noticed that it is done.
            ctx.executor().execute(() -> answered(ctx, exchange, early));
        }
    }

    private void answered(ChannelHandlerContext ctx, PlainExchange exchange, boolean early) {
        boolean unread = early && exchange.isAnsweredEarly();
        if (unread || exchange.isClosedByUs()) {
            leave(ctx);
        } else {
            nextWhenDone(ctx);
        }
    }

    /**
     * The app answered before it had the whole request and nobody reads the rest, or the process drains: RFC 9112 §9.6, our
     * side ends first.
     */
    private void leave(ChannelHandlerContext ctx) {
        if (upgrade != null || refused) {
            return;
        }
        giveUp(ctx);
        ClientConnection client = new ClientConnection(ctx.channel(), decoder, this);
        client.takeOver(rooms.sockets());
        decoder.discard();
        LingeringClose.of(ctx.channel());
    }

    /** The server behind gives the request to the app up, and has no more to say. */
    private void giveUp(ChannelHandlerContext ctx) {
        refused = true;
        ctx.fireChannelInactive();
    }

    /** RFC 9112 §8: an answer that lasts until the close, and did not, must not look whole. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (refused) {
            return; // the server behind is done with it; LingeringClose closes in time
        }
        if (upgrade == null && plain != null && plain.wouldLookWhole()) {
            new ClientConnection(ctx.channel(), decoder, this).closeWithReset();
        }
        ctx.close(promise);
    }

    /** A client that does not take its answers gets no further ones. */
    private void nextWhenDone(ChannelHandlerContext ctx) {
        boolean ours = upgrade == null && !refused;
        if (ours && plain != null && plain.mayBeFollowed() && ctx.channel().isWritable()) {
            plain = null;
            decoder.next();
            finishIfEnded();
        }
    }

    /** No request is under way, or one whose body will never be whole. */
    private void finishIfEnded() {
        boolean ours = upgrade == null && !refused;
        if (ours && ended != null && (plain == null || !plain.isRequestWhole())) {
            ended.finish();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        boolean end = event instanceof ChannelInputShutdownEvent;
        if (upgrade != null && end) {
            upgrade.clientEnded();
        } else if (end) {
            Runnable close = () -> close(ctx, ctx.newPromise());
            ended = new EndedClient(ctx, rooms.settings().tunnel().linger(), close);
            finishIfEnded();
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
            nextWhenDone(ctx);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (plain != null && !plain.isAnswerWhole()) {
            rooms.load().exchangeEnded();
            plain = null;
        }
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
