package dev.culvert.listener;

import static java.util.Objects.requireNonNull;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.plain.PlainSockets;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection while it carries plain requests, one after the other, for the HTTP server behind: the last before that
 * server's own handler. It is over when the server has nothing more to do with it: with an upgrade, a refusal, or an answer that
 * has to be the last. Event loop only.
 */
final class PlainConnection extends ChannelDuplexHandler {
    private final Rooms rooms;
    private final PlainInput client;
    private final InetAddress peer;
    private @Nullable PlainExchange exchange;
    private @Nullable EndedClient ended;
    private boolean over;

    /**
     * @param client what its requests come from
     * @param peer whoever is connected to us
     */
    PlainConnection(Rooms rooms, PlainInput client, InetAddress peer) {
        this.rooms = rooms;
        this.client = client;
        this.peer = peer;
    }

    /** Whether the client ended its stream. */
    boolean isEnded() {
        return ended != null;
    }

    /** Somebody else speaks with the client from now on. */
    void stop() {
        over = true;
        if (ended != null) {
            ended.stop();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest request) {
            request(ctx, request);
        } else {
            body(ctx, (HttpContent) message);
        }
    }

    /** A request goes to the server behind. */
    private void request(ChannelHandlerContext ctx, HttpRequest request) {
        rooms.load().exchangeBegan();
        ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true); // and still read
        rooms.upstreamHead().ofPlain(request, peer);
        exchange = new PlainExchange(request); // as the server behind sees it: both have to agree on which is the last
        ctx.fireChannelRead(request);
    }

    /** A piece of the request's body goes to the server behind, if it can be read. */
    private void body(ChannelHandlerContext ctx, HttpContent content) {
        PlainExchange current = requireNonNull(exchange);
        if (content.decoderResult().isSuccess()) {
            current.requestPassed(content);
            ctx.fireChannelRead(content);
            nextWhenDone(ctx);
            return;
        }
        content.release();
        if (current.isAnswerBegun()) {
            stop();
            ctx.close(); // not as the server behind, of which nothing is heard any more
        } else {
            client.refuse(null, new RefusedException(Refusal.BAD_FRAMING, "the request's body cannot be read"));
        }
    }

    /** What the server behind says goes to the client. */
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        PlainExchange current = exchange;
        if (over || current == null || current.isAnswerWhole()) {
            ctx.write(message, promise);
            return;
        }
        if (message instanceof HttpResponse head && !rooms.admission().isOpen()) {
            current.closeBehind(head);
        }
        ctx.write(message, promise);
        current.answerPassed(message);
        if (ended != null) {
            ended.answering();
        }
        if (current.isAnswerWhole()) {
            rooms.load().exchangeEnded();
            boolean early = current.isAnsweredEarly();
            // Not before the server behind has noticed that it is done.
            ctx.executor().execute(() -> answered(ctx, current, early));
        }
    }

    private void answered(ChannelHandlerContext ctx, PlainExchange current, boolean early) {
        boolean unread = early && current.isAnsweredEarly();
        if (unread || current.isClosedByUs()) {
            leave();
        } else {
            nextWhenDone(ctx);
        }
    }

    /**
     * The app answered before it had the whole request and nobody reads the rest, or the process drains: RFC 9112 §9.6, our
     * side ends first.
     */
    private void leave() {
        if (!over) {
            client.leave().close();
        }
    }

    /** The server behind closes. RFC 9112 §8: an answer that lasts until the close, and did not, must not look whole. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (!over && exchange != null && exchange.wouldLookWhole()) {
            PlainSockets.closeWithReset(ctx.channel());
        }
        ctx.close(promise);
    }

    /** Netty says so in the middle of a send, when the next request must not have the socket leave its channel. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ctx.fireChannelWritabilityChanged();
        ctx.executor().execute(() -> nextWhenDone(ctx));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            clientEnded(ctx);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    /** Reads the next request behind the end of an exchange, and when the client has taken so much of its answers. */
    private void nextWhenDone(ChannelHandlerContext ctx) {
        if (!over
                && exchange != null
                && exchange.mayBeFollowed()
                && ctx.channel().isWritable()) {
            exchange = null;
            client.next();
            finishIfEnded();
        }
    }

    /** The client's stream ended; it may still read. */
    private void clientEnded(ChannelHandlerContext ctx) {
        if (!over) {
            Runnable close = () -> close(ctx, ctx.newPromise());
            ended = new EndedClient(ctx, rooms.settings().tunnel().linger(), close);
            finishIfEnded();
        }
    }

    /** No request is under way, or one whose body will never be whole. */
    private void finishIfEnded() {
        if (!over && ended != null && (exchange == null || !exchange.isRequestWhole())) {
            ended.finish();
        }
    }

    /** The client's connection is gone, or has become another thing. */
    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (exchange != null && !exchange.isAnswerWhole()) {
            rooms.load().exchangeEnded();
            exchange = null;
        }
        ctx.fireChannelInactive();
    }
}
