package dev.culvert.listener;

import dev.culvert.Refusal;
import dev.culvert.RefusedException;
import dev.culvert.config.LimitSettings;
import dev.culvert.guard.HeadSyntax;
import dev.culvert.guard.HeaderDeadline;
import dev.culvert.guard.RequestGuard;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request at a time, its head only when {@link HeadSyntax} let it pass. What comes behind a request is held,
 * undecoded and bounded, until the exchange is over ({@link #next}): it may be the next request, or the first bytes of a
 * tunnel, which get to whoever takes the decoder's place. Fires HTTP objects, or one {@link RefusedException} after which it
 * drops all that comes. Event loop only.
 */
final class GuardedRequestDecoder extends HttpRequestDecoder {
    private static final int MAX_CHUNK_BYTES = 16 << 10;

    private final LimitSettings limits;
    private final int mostHeld;
    private final HeadSyntax syntax;
    private @Nullable HeaderDeadline deadline;
    private @Nullable ChannelHandlerContext context;
    private boolean inMessage;
    private boolean headBegun;
    private boolean holding;
    private boolean refused;
    private boolean reading;
    private boolean again;

    /**
     * @param limits of a head
     * @param mostHeld bytes behind a request at which the socket is read no more
     */
    GuardedRequestDecoder(LimitSettings limits, int mostHeld) {
        super(config(headerSize(limits)));
        this.limits = limits;
        this.mostHeld = mostHeld;
        this.syntax = HeadSyntax.ofRequests(headerSize(limits), limits.headerCount());
    }

    private static int headerSize(LimitSettings limits) {
        return limits.headerSize().asBigInteger().intValueExact();
    }

    private static HttpDecoderConfig config(int headerSize) {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(headerSize)
                .setMaxHeaderSize(headerSize)
                .setMaxChunkSize(MAX_CHUNK_BYTES);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        deadline = new HeaderDeadline(
                ctx.executor(), limits.headerTimeout(), limits.idleTimeout(), () -> late(ctx), () -> ctx.close());
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

    /** Decodes on: the body that was held. */
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
            decodeHeld(ctx);
            ctx.fireChannelReadComplete();
        }
    }

    private void decodeHeld(ChannelHandlerContext ctx) {
        channelRead(ctx, Unpooled.EMPTY_BUFFER);
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
            return;
        }
        if (holding) {
            return;
        }
        try {
            if (!inMessage && !headComplete(in)) {
                return;
            }
            int before = out.size();
            super.decode(ctx, in, out);
            for (int i = before; i < out.size(); i++) {
                inspect((HttpObject) out.get(i));
            }
        } catch (RefusedException e) {
            out.forEach(ReferenceCountUtil::release);
            out.clear();
            refuse(in);
            out.add(e);
        }
    }

    private boolean headComplete(ByteBuf in) {
        if (!headBegun && in.isReadable()) {
            headBegun = true;
            deadline().headDue();
        }
        if (!syntax.complete(in)) {
            return false;
        }
        deadline().stop();
        headBegun = false;
        inMessage = true;
        return true;
    }

    private void inspect(HttpObject object) {
        if (object instanceof HttpRequest request && !object.decoderResult().isSuccess()) {
            RequestGuard.framing(request); // which says better what is wrong, if it is that
            throw new RefusedException(Refusal.BAD_SYNTAX, "the request cannot be read");
        }
        if (object instanceof LastHttpContent) {
            inMessage = false;
            holding = true;
            syntax.reset();
        }
    }

    private void refuse(ByteBuf in) {
        refused = true;
        deadline().stop();
        in.skipBytes(in.readableBytes());
    }

    private void late(ChannelHandlerContext ctx) {
        refused = true;
        ctx.fireChannelRead(new RefusedException(Refusal.HEADER_TIMEOUT, "the head was not complete in time"));
        ctx.fireChannelReadComplete();
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
        if (deadline == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return deadline;
    }
}
