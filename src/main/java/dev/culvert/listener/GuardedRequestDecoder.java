package dev.culvert.listener;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.config.LimitSettings;
import dev.culvert.guard.HeaderDeadline;
import dev.culvert.guard.MessageSyntax;
import dev.culvert.guard.RequestGuard;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.PausableReads;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request at a time, as far as {@link MessageSyntax} lets it pass. What comes behind a request is held,
 * undecoded and bounded, until the exchange is over ({@link #next}): it may be the next request, or the first bytes of a
 * tunnel, which get to whoever takes the decoder's place. Fires HTTP objects, or one {@link RefusedException} after which it
 * drops all that comes; where a body turns out bad, its end is one whose result is a failure. Event loop only.
 */
final class GuardedRequestDecoder extends HttpRequestDecoder {
    private final LimitSettings limits;
    private final int mostHeld;
    private final MessageSyntax syntax;
    private @Nullable HeaderDeadline deadline;
    private @Nullable ChannelHandlerContext context;
    private boolean holding;
    private boolean refused;
    private boolean reading;
    private boolean again;

    /**
     * @param limits of a head
     * @param mostHeld bytes behind a request at which the socket is read no more
     */
    GuardedRequestDecoder(LimitSettings limits, int mostHeld) {
        this(
                limits,
                mostHeld,
                MessageSyntax.ofRequests(limits.headerSize().asBigInteger().intValueExact(), limits.headerCount()));
    }

    private GuardedRequestDecoder(LimitSettings limits, int mostHeld, MessageSyntax syntax) {
        super(syntax.parserConfig());
        this.limits = limits;
        this.mostHeld = mostHeld;
        this.syntax = syntax;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        deadline = new HeaderDeadline(
                ctx.executor(), limits.headerTimeout(), limits.idleTimeout(), () -> late(ctx), () -> idle(ctx));
        deadline.headDue();
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        deadline().stop();
    }

    /** Holds what follows, though the request's body has not been read. */
    void hold() {
        holding = true;
    }

    /** Decodes on what was held. */
    void resume() {
        holding = false;
        decodeOn();
    }

    /** The exchange is over; the next request may come. */
    void next() {
        if (actualReadableBytes() == 0) {
            deadline().waiting();
        }
        resume();
    }

    /** Drops all that comes from now on: the client has been refused. */
    void discard() {
        refused = true;
        deadline().stop();
        decodeOn();
    }

    private void decodeOn() {
        ChannelHandlerContext ctx = context;
        if (reading) {
            again = true;
        } else if (ctx != null) {
            ctx.channel().config().setAutoRead(true);
            channelRead(ctx, Unpooled.EMPTY_BUFFER);
            ctx.fireChannelReadComplete();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        reading = true;
        try {
            read(ctx, message);
            while (again && !ctx.isRemoved()) {
                again = false;
                ctx.channel().config().setAutoRead(true);
                read(ctx, Unpooled.EMPTY_BUFFER);
            }
        } finally {
            reading = false;
        }
        if (holding && actualReadableBytes() >= mostHeld) {
            ctx.channel().config().setAutoRead(false);
            PausableReads.keepPauses(ctx.channel()); // or all that the client sent before it would be read at once
        }
    }

    private void read(ChannelHandlerContext ctx, Object message) {
        try {
            super.channelRead(ctx, message);
        } catch (Exception e) {
            ctx.fireExceptionCaught(e);
        }
    }

    /** The base class asks for more whenever it decoded nothing; while we hold, that would be without a bound. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (holding) {
            discardSomeReadBytes();
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (refused) {
            in.skipBytes(in.readableBytes());
        } else if (!holding) {
            read(ctx, in, out);
        }
    }

    private void read(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        boolean inBody = syntax.inMessage();
        if (!inBody && in.isReadable()) {
            deadline().headByte();
        }
        syntax.read(in, out, (bytes, objects) -> {
            super.decode(ctx, bytes, objects);
            objects.forEach(object -> inspect((HttpObject) object));
        });
        if (!out.isEmpty()) {
            deadline().stop();
            refused = out.get(0) instanceof RefusedException;
        }
        if (refused && inBody) {
            out.set(0, broken((RefusedException) out.get(0)));
        }
    }

    private void inspect(HttpObject object) {
        if (object instanceof HttpRequest request && !object.decoderResult().isSuccess()) {
            RequestGuard.framing(request); // which says better what is wrong, if it is that
            throw new RefusedException(Refusal.BAD_SYNTAX, "the request cannot be read");
        }
        holding |= object instanceof LastHttpContent;
    }

    /** The end of a body that is none, as the base class has it: who reads the body learns there that it is not whole. */
    private static HttpObject broken(RefusedException why) {
        HttpObject end = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
        end.setDecoderResult(DecoderResult.failure(why));
        return end;
    }

    private void late(ChannelHandlerContext ctx) {
        refused = true;
        ctx.fireChannelRead(new RefusedException(Refusal.HEADER_TIMEOUT, "the head was not complete in time"));
        ctx.fireChannelReadComplete();
    }

    /** Whoever has not taken its last answer yet is no client that we wait for: a close would cut that answer. */
    private void idle(ChannelHandlerContext ctx) {
        ChannelOutboundBuffer waiting = ctx.channel().unsafe().outboundBuffer();
        if (waiting != null && waiting.totalPendingWriteBytes() > 0) {
            deadline().waiting();
        } else {
            ctx.close();
        }
    }

    /** The end of the client's stream does not end what is held: the base class would drop it. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent && holding) {
            ctx.fireUserEventTriggered(event);
        } else {
            super.userEventTriggered(ctx, event);
        }
    }

    private HeaderDeadline deadline() {
        return Objects.requireNonNull(deadline, "not in a pipeline");
    }
}
